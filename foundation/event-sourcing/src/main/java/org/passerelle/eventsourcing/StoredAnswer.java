package org.passerelle.eventsourcing;

import org.jspecify.annotations.Nullable;

/**
 * What was answered to a command, kept to be answered again.
 *
 * @param version the stream's version after the command (the ETag)
 * @param body    UTF-8 JSON without personal data; kept sealed for some days, afterwards empty
 */
public record StoredAnswer(int status, @Nullable String location, long version, byte[] body) {}
