package org.passerelle.eventsourcing;

/**
 * Goes into an append's transaction so that a repeat has no second effect.
 *
 * @param key         1 to 300 characters: who asks (issuer, subject) and their key
 * @param fingerprint of the request, so that a key reused for another request is noticed
 * @param answer      given now, and on every repeat
 */
public record Receipt(String key, byte[] fingerprint, StoredAnswer answer) {}
