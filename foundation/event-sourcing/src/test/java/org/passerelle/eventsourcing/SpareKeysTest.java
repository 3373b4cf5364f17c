package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.FormerSpare;
import org.passerelle.eventsourcing.sealing.Sealed;
import org.passerelle.eventsourcing.testkit.TestStore;

/** Whoever is new gets keys that were made ahead; the log says whose they are, and they end with their person as others do. */
class SpareKeysTest {

    @TempDir
    static Path directory;

    private static TestStore db;
    private static DataKeys keys;
    private static EventStore store;
    private static Pool keyPool;
    private static Sequencer sequencer;

    @BeforeAll
    static void start() {
        db = TestStore.sealing(directory.resolve("keys.json"));
        keys = db.keys();
        keyPool = db.keyPool();
        store = db.replica(keys);
        sequencer = new Sequencer(db.pool);
        warm();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    /** Spares are given only while it was confirmed lately who is erased. */
    private static void warm() {
        arrived(store, "warm " + UUID.randomUUID());
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }

    private static StreamId arrived() {
        warm();
        return arrived(store, UUID.randomUUID().toString());
    }

    private static StreamId arrived(EventStore store, String guest) {
        StreamId stream = Guest.KIND.stream(guest);
        get(store.handle(
                Guest.KIND,
                stream,
                new Guest.Arrive(Guest.example()),
                ExpectedVersion.none(),
                Metadata.system("test")));
        return stream;
    }

    private static Guest seen(EventStore store, StreamId stream) {
        return get(store.load(Guest.KIND, stream)).state();
    }

    private static void named() {
        get(sequencer.step());
        KeyNames names = new KeyNames(db.pool, keyPool);
        while (get(names.step()) > 0) {}
        get(names.stop());
    }

    private static List<Row> keysOf(String where, Object... values) {
        List<Row> found = new ArrayList<>();
        get(keyPool.preparedQuery("select * from person_key where " + where).execute(Tuple.from(values)))
                .forEach(found::add);
        return found;
    }

    private static List<Row> keysOf(StreamId stream) {
        return keysOf("subject = $1", stream.key());
    }

    private static String stored(StreamId stream) {
        return new String(
                db.query("select data from event where stream_id = '" + stream.text() + "' order by version")
                        .getFirst()
                        .getBuffer("data")
                        .getBytes(),
                StandardCharsets.UTF_8);
    }

    @Test
    void aNewPersonsKeysWereMadeAheadAndTheEventSaysWhoseTheyAre() {
        StreamId stream = arrived();

        assertThat(keysOf(stream)).isEmpty();
        assertThat(stored(stream)).containsPattern("\"[$]of\":\"[*][0-9a-f-]{36} " + stream.key() + "\"");
        assertThat(seen(db.replica(), stream).arrived()).isEqualTo(Guest.example());

        named();
        assertThat(keysOf(stream))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(key.getBoolean("spare")).isTrue());
        assertThat(seen(db.replica(), stream).arrived()).isEqualTo(Guest.example());
    }

    @Test
    void onceNamedItIsTheirKeyForEverybody() {
        StreamId stream = arrived();
        named();
        int before = keysOf(stream).size();

        get(db.replica()
                .handle(
                        Guest.KIND,
                        stream,
                        new Guest.Arrive(Guest.example()),
                        ExpectedVersion.any(),
                        Metadata.system("test")));

        assertThat(keysOf(stream)).hasSize(before);
    }

    @Test
    void anErasureBeforeTheKeyHasANameTakesItAsSoonAsItHas() throws InterruptedException {
        StreamId stream = arrived();
        get(db.keys().destroy(stream.key()));
        named();

        assertThat(keysOf(stream))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(key.getValue("wrapped")).isNull());
        Thread.sleep(3_500); // longer than a key counts without being asked for
        for (EventStore each : List.of(store, db.replica())) {
            assertThat(seen(each, stream).arrived().name()).isEqualTo(new Guest.Name(null, null));
        }
    }

    @Test
    void anErasedPersonGetsNoKeyThatWasMadeAhead() throws InterruptedException {
        StreamId stream = Guest.KIND.stream(UUID.randomUUID().toString());
        get(db.keys().destroy(stream.key()));
        Thread.sleep(3_500);
        warm();

        assertThatThrownBy(() -> arrived(store, stream.key()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("person-erased"));
    }

    @Test
    void anOlderBackupOfTheKeysIsToldAgainWhoseTheyAre() {
        StreamId stream = arrived();
        get(keyPool.query("create table backup_naming as select * from naming").execute());
        named();
        // Back to the moment before, when the keys had no names yet.
        get(keyPool.preparedQuery("delete from given_person_key where subject = $1")
                .execute(Tuple.of(stream.key())));
        get(keyPool.query("update naming n set epoch = b.epoch, seq = b.seq from backup_naming b")
                .execute());
        assertThat(keysOf(stream)).isEmpty();

        named();
        assertThat(keysOf(stream)).isNotEmpty();
    }

    @Test
    void anotherLifeOfTheLogIsReadFromItsBeginning() {
        StreamId stream = arrived();
        get(keyPool.query("update naming set epoch = gen_random_uuid(), seq = 1000000")
                .execute());

        named();
        assertThat(keysOf(stream)).isNotEmpty();
    }

    @Test
    void whoReadsTheNamesTwiceChangesNothing() {
        StreamId stream = arrived();
        named();
        List<Row> before = keysOf(stream);
        get(keyPool.query("update naming set seq = 0").execute());

        named();

        assertThat(keysOf(stream)).hasSameSizeAs(before);
    }

    @Test
    void onePersonHasOneKeyForAllCategories() {
        StreamId stream = arrived();
        named();

        assertThat(keysOf(stream))
                .singleElement()
                .satisfies(key -> assertThat(key.getString("category")).isEqualTo(DataKeys.Whose.ALL));
        assertThat(stored(stream)).containsOnlyOnce("\"$of\"").contains(".identity:", ".health:", ".story:");
    }

    @Test
    void whatIsDerivedForOneCategoryOpensNothingOfAnother() {
        StreamId stream = arrived();
        db.query(
                "update event set data = convert_to(replace(convert_from(data, 'UTF8'), '.health:', '.story:'), 'UTF8')"
                        + " where stream_id = '" + stream.text() + "'");

        assertThatThrownBy(() -> seen(db.replica(), stream)).isInstanceOf(EventTypes.UnreadableEvent.class);
    }

    /** As when one is given a key by two at once: whichever sealed something is named, or an erasure would leave it. */
    @Test
    void anEventThatNamesTwoKeysOfAPersonNamesBoth() {
        StreamId stream = Guest.KIND.stream(UUID.randomUUID().toString());
        FormerSpare one = new FormerSpare(keyPool, directory.resolve("keys.json"));
        FormerSpare other = new FormerSpare(keyPool, directory.resolve("keys.json"));
        Sealed.Home home = new Sealed.Home(stream.text(), "shelter.guest-noted");
        String data =
                "{\"house\":" + one.sealed("\"north\"", home, "house", "*" + one.id(), stream.key()) + ",\"note\":"
                        + other.sealed("\"" + Guest.NOTE + "\"", home, "note", "*" + other.id(), stream.key()) + "}";
        get(store.append(new Append(
                List.of(new StreamAppend(
                        stream,
                        ExpectedVersion.none(),
                        List.of(new NewEvent("shelter.guest-noted", 2, data.getBytes(StandardCharsets.UTF_8))),
                        List.of())),
                Metadata.system("test"),
                null)));

        named();
        assertThat(keysOf(stream)).extracting(key -> key.getUUID("id")).containsExactlyInAnyOrder(one.id(), other.id());
        get(db.keys().destroy(stream.key()));
        assertThat(keysOf(stream))
                .allSatisfy(key -> assertThat(key.getValue("wrapped")).isNull());
    }

    /** As releases before keys of persons have stored it. */
    @Test
    void whatWasSealedWithKeysOfCategoriesMadeAheadIsReadNamedAndErasedForEver() throws InterruptedException {
        StreamId stream = Guest.KIND.stream(UUID.randomUUID().toString());
        FormerSpare key = new FormerSpare(keyPool, directory.resolve("keys.json"));
        String data = "{\"house\":\"north\",\"note\":"
                + key.sealed(
                        "\"" + Guest.NOTE + "\"",
                        new Sealed.Home(stream.text(), "shelter.guest-noted"),
                        "note",
                        "story",
                        stream.key())
                + "}";
        NewEvent event = new NewEvent("shelter.guest-noted", 2, data.getBytes(StandardCharsets.UTF_8));
        get(store.append(new Append(
                List.of(new StreamAppend(stream, ExpectedVersion.none(), List.of(event), List.of())),
                Metadata.system("test"),
                null)));

        assertThat(seen(db.replica(), stream).notes()).containsExactly(Guest.NOTE);
        named();
        assertThat(keysOf(stream))
                .singleElement()
                .satisfies(found -> assertThat(found.getString("category")).isEqualTo("story"));

        get(db.keys().destroy(stream.key()));
        Thread.sleep(3_500); // longer than a key counts without being asked for
        assertThat(keysOf("subject = $1 and wrapped is not null", stream.key())).isEmpty();
        assertThat(seen(db.replica(), stream).notes()).containsExactly("");
    }

    @Test
    void spareKeysAreWrappedAnewLikeOthers() throws Exception {
        Path file = directory.resolve("rotated.json");
        try (TestStore own = TestStore.sealing(file)) {
            DataKeys ours = own.keys();
            EventStore one = own.replica(ours);
            arrived(one, "first");
            StreamId stream = arrived(one, "second");
            org.passerelle.eventsourcing.sealing.KeyEncryption.ofFile(file).rotate();
            while (get(own.keys().rewrap(1000)) > 0) {}

            assertThat(seen(own.replica(), stream).arrived()).isEqualTo(Guest.example());
            assertThat(get(own.keys().status()).wrappings()).hasSize(1);
        }
    }
}
