package org.passerelle.eventsourcing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * States of streams that were read or written lately. Never the truth: whoever decides on one appends with its version
 * expected, and whoever reads one reads on from its last event and checks that this is still there.
 */
final class StateCache {

    private final Cache<StreamId, Known<?>> known;

    /**
     * @param streams how many are kept, 0 for none
     */
    StateCache(int streams) {
        known = Caffeine.newBuilder()
                .maximumSize(streams)
                .executor(Runnable::run)
                .build();
    }

    /**
     * @param version     above 0
     * @param lastEventId the id of the event that gave this version
     * @param keys        of personal fields that it may hold: once one of them is destroyed the state is not to be used
     */
    record Known<S>(S state, long version, long lastEventId, Set<String> keys) {

        Loaded<S> loaded() {
            return new Loaded<>(state, version);
        }
    }

    /** A stream has one kind in a service, and so one type of state. */
    @SuppressWarnings("unchecked")
    <S> Optional<Known<S>> get(StreamId stream) {
        return Optional.ofNullable((Known<S>) known.getIfPresent(stream));
    }

    <S> void put(StreamId stream, @Nullable Known<S> newer) {
        if (newer != null) {
            known.asMap().merge(stream, newer, (old, given) -> old.version() > given.version() ? old : given);
        }
    }

    void forget(StreamId stream) {
        known.invalidate(stream);
    }
}
