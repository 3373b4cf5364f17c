package org.passerelle.eventsourcing;

import java.util.function.Function;

/**
 * Asks that a command has one effect however often it is sent.
 *
 * @param key         1 to 300 characters: who asks (issuer, subject) and their key
 * @param fingerprint of the request, so that a key reused for another request is noticed
 * @param answer      what to answer, now and on every repeat, from what the command came to
 */
public record Once<S, E>(String key, byte[] fingerprint, Function<Handled<S, E>, StoredAnswer> answer) {}
