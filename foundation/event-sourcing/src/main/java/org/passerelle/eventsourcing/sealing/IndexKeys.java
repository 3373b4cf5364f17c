package org.passerelle.eventsourcing.sealing;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of blind indexes, one per purpose, made when it is first needed and kept in the database of data keys, sealed
 * with a data key like personal fields are. Where they are lost an index is made anew with others.
 */
public final class IndexKeys {

    /** No person's: a case code has no space. */
    private static final String SUBJECT = "index keys";

    private static final int BYTES = 32;

    private final Pool pool;
    private final DataKeys keys;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, BlindIndex> made = new ConcurrentHashMap<>();

    /** @param pool on the database of keys, see {@code db/keys} */
    public IndexKeys(Pool pool, DataKeys keys) {
        this.pool = pool;
        this.keys = keys;
    }

    /**
     * @param purpose lower-case letters and hyphens; tokens of different purposes cannot be compared
     * @return failing with {@link KeysUnavailable}
     */
    public Uni<BlindIndex> of(String purpose) {
        BlindIndex known = made.get(purpose);
        return known != null
                ? Uni.createFrom().item(known)
                : stored(purpose)
                        .onItem()
                        .ifNull()
                        .switchTo(() -> make(purpose).chain(() -> stored(purpose)))
                        .invoke(found -> made.put(purpose, found));
    }

    private Uni<BlindIndex> stored(String purpose) {
        return pool.preparedQuery("select sealed from index_key where purpose = $1")
                .execute(Tuple.of(purpose))
                .onFailure()
                .transform(failure -> new KeysUnavailable("the keys cannot be asked for", failure))
                .flatMap(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().nullItem();
                    }
                    byte[] sealed =
                            rows.iterator().next().get(Buffer.class, "sealed").getBytes();
                    String key = Sealed.keyOf(sealed);
                    return keys.ring(key == null ? Set.of() : Set.of(key))
                            .map(ring -> new BlindIndex(Sealed.openBytes(sealed, home(purpose), ring)
                                    .orElseThrow(() -> new KeysUnavailable("the key of an index is gone", null))));
                });
    }

    /** Of several who make it at once one wins. */
    private Uni<Void> make(String purpose) {
        DataKeys.Whose whose = new DataKeys.Whose(SUBJECT, purpose);
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return keys.of(Set.of(whose))
                .flatMap(found -> pool.preparedQuery(
                                "insert into index_key (purpose, sealed) values ($1, $2) on conflict do nothing")
                        .execute(Tuple.of(
                                purpose,
                                Buffer.buffer(Sealed.sealBytes(
                                        key,
                                        home(purpose),
                                        found.id(whose)
                                                .orElseThrow(
                                                        () -> new KeysUnavailable("the key of an index is gone", null)),
                                        found.ring()))))
                        .replaceWithVoid());
    }

    private static Sealed.Home home(String purpose) {
        return new Sealed.Home("index", purpose);
    }
}
