package org.passerelle.eventsourcing;

/**
 * A stream's state and version.
 *
 * @param version 0 when the stream does not exist
 */
public record Loaded<S>(S state, long version) {

    public boolean exists() {
        return version > 0;
    }
}
