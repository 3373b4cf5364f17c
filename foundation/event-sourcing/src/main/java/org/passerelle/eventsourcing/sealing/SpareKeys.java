package org.passerelle.eventsourcing.sealing;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keys of persons made ahead by this process, durable and nobody's yet: given away once, in memory. Those left when the
 * process ends have sealed nothing and stay; there are at most {@value #MOST}, and {@value #FEWEST} where few persons are
 * new.
 */
final class SpareKeys {

    static final int FEWEST = 16;
    static final int MOST = 512;

    /** Needed again within this time, twice as many are made; after longer, half as many. */
    private static final Duration OFTEN = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Wrapped in one go by one thread. */
    private static final int CHUNK = 64;

    private final Pool pool;
    private final KeyEncryption encryption;
    private final Deque<Spare> ready = new ArrayDeque<>();
    private final List<UniEmitter<? super Void>> waiting = new ArrayList<>();
    private int wanted = FEWEST;
    private long madeAt = System.nanoTime() - OFTEN.toNanos();
    private boolean making;

    SpareKeys(Pool pool, KeyEncryption encryption) {
        this.pool = pool;
        this.encryption = encryption;
    }

    /** A key to be given to somebody. */
    record Spare(String id, DataKey key) {}

    private record Made(UUID id, DataKey key, KeyEncryption.Wrapped wrapped) {}

    synchronized Optional<Spare> take() {
        Spare spare = ready.poll();
        if (ready.size() <= wanted / 2) {
            make();
        }
        return Optional.ofNullable(spare);
    }

    /** Waits, where there are fewer than so many, for the next to be made. */
    Uni<Void> enough(int needed) {
        return Uni.createFrom().deferred(() -> {
            synchronized (this) {
                return ready.size() >= needed
                        ? Uni.createFrom().voidItem()
                        : Aside.back(Uni.createFrom().<Void>emitter(this::await));
            }
        });
    }

    private synchronized void await(UniEmitter<? super Void> one) {
        waiting.add(one);
        make();
    }

    /** Fails in silence: whoever finds none then asks for keys of their own, and is told. */
    private void make() {
        if (making) {
            return;
        }
        making = true;
        long now = System.nanoTime();
        wanted = now - madeAt < OFTEN.toNanos() ? Math.min(MOST, wanted * 2) : Math.max(FEWEST, wanted / 2);
        madeAt = now;
        int more = wanted - ready.size();
        List<Integer> chunks = IntStream.iterate(more, left -> left > 0, left -> left - CHUNK)
                .mapToObj(left -> Math.min(CHUNK, left))
                .toList();
        Aside.all(chunks, this::chunk)
                .map(made -> made.stream().flatMap(List::stream).toList())
                .call(made -> pool.preparedQuery("insert into data_key (id, wrapped, wrapped_by)"
                                + " select * from unnest($1::uuid[], $2::bytea[], $3::text[])")
                        .execute(Tuple.of(
                                made.stream().map(Made::id).toArray(UUID[]::new),
                                made.stream()
                                        .map(one -> Buffer.buffer(one.wrapped().key()))
                                        .toArray(Buffer[]::new),
                                made.stream().map(one -> one.wrapped().by()).toArray(String[]::new))))
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .subscribe()
                .with(this::made, failure -> made(List.of()));
    }

    private List<Made> chunk(int size) {
        List<UUID> ids = Stream.generate(SpareKeys::ascending).limit(size).toList();
        List<DataKey> keys = Stream.generate(() -> DataKey.random(DataKey.Of.PERSON))
                .limit(size)
                .toList();
        List<KeyEncryption.Wrapped> wrapped = encryption.wrap(
                keys,
                ids.stream()
                        .map(id -> KeyEncryption.Slot.spare(id, DataKey.Of.PERSON))
                        .toList());
        return IntStream.range(0, size)
                .mapToObj(i -> new Made(ids.get(i), keys.get(i), wrapped.get(i)))
                .toList();
    }

    /** By time, as version 7 of RFC 9562: so that the indexes grow at one end. */
    private static UUID ascending() {
        UUID random = UUID.randomUUID();
        long most = System.currentTimeMillis() << 16 | 0x7000 | random.getMostSignificantBits() & 0xfff;
        return new UUID(most, random.getLeastSignificantBits());
    }

    private void made(List<Made> made) {
        List<UniEmitter<? super Void>> told;
        synchronized (this) {
            made.forEach(one -> ready.add(new Spare(one.id().toString(), one.key())));
            making = false;
            told = List.copyOf(waiting);
            waiting.clear();
        }
        told.forEach(one -> one.complete(null));
    }
}
