package org.passerelle.referral.members;

/**
 * An account of a member of staff or of a partner system.
 *
 * @param issuer  of its tokens
 * @param subject within the issuer
 */
public record Account(String issuer, String subject) {}
