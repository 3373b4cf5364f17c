package org.passerelle.edge;

/**
 * An answer to "may they?".
 *
 * @param mask   how much they see, {@link FieldMask#NOTHING} when denied
 * @param reason the sentence of the policy that permitted it, or why none did
 */
public record Decision(boolean permitted, FieldMask mask, String reason) {}
