package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.KeyEncryption;
import org.passerelle.eventsourcing.sealing.KeysUnavailable;
import org.passerelle.eventsourcing.testkit.TestStore;

/** Personal fields are sealed before they are stored, open where they belong and nowhere else, and end with their keys. */
class SealingTest {

    private static final List<String> WORDS = List.of(Guest.GIVEN, Guest.ALLERGY, Guest.BED_NOTE, Guest.NOTE);

    @TempDir
    static Path directory;

    private static TestStore db;
    private static Loop sequencer;
    private static Loop names;

    @BeforeAll
    static void start() {
        db = TestStore.sealing(directory.resolve("keys.json"));
        sequencer = Loop.start("sequencer", Duration.ofMillis(50), new Sequencer(db.pool));
        names = Loop.start("key names", Duration.ofMillis(100), new KeyNames(db.pool, db.keyPool()));
    }

    @AfterAll
    static void stop() {
        sequencer.close();
        names.close();
        db.close();
    }

    private static StreamId guest() {
        return Guest.KIND.stream(UUID.randomUUID().toString().substring(0, 12));
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().indefinitely();
    }

    private static StreamId arrived() {
        StreamId stream = guest();
        get(handle(db.store, stream, new Guest.Arrive(Guest.example())));
        get(handle(db.store, stream, new Guest.Note("north", Guest.NOTE)));
        return stream;
    }

    private static Uni<Handled<Guest, Guest.Event>> handle(EventStore store, StreamId stream, Guest.Command command) {
        return store.handle(Guest.KIND, stream, command, ExpectedVersion.any(), Metadata.system("test"));
    }

    private static Guest seenBy(EventStore store, StreamId stream) {
        return get(store.load(Guest.KIND, stream)).state();
    }

    private static String storedText(StreamId stream) {
        StringBuilder text = new StringBuilder();
        for (Row row : db.query("select data from event where stream_id = '" + stream.text() + "' order by version")) {
            text.append(new String(row.getBuffer("data").getBytes(), StandardCharsets.UTF_8))
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void noPersonalWordIsStoredAndEveryOneIsRead() {
        StreamId stream = arrived();

        assertThat(storedText(stream)).contains("room 4", "north", "$sealed").doesNotContain(WORDS);
        for (EventStore store : List.of(db.store, db.replica())) {
            assertThat(seenBy(store, stream)).isEqualTo(new Guest(Guest.example(), List.of(Guest.NOTE)));
        }
    }

    @Test
    void aPersonHasOneKeyPerCategoryHoweverManyAskAtOnce() {
        List<DataKeys> replicas = List.of(db.keys(), db.keys(), db.keys());
        DataKeys.Whose whose = new DataKeys.Whose(guest().key(), "story");
        List<Uni<String>> all = IntStream.range(0, 60)
                .mapToObj(i -> replicas.get(i % 3)
                        .of(Set.of(whose))
                        .map(keys -> keys.id(whose).orElseThrow()))
                .toList();

        assertThat(Set.copyOf(get(Uni.join().all(all).andFailFast()))).hasSize(1);
        assertThat(keysOf(whose.subject())).containsExactly("story");
    }

    /** Keys that were made ahead have a name a moment after the event. */
    private static void awaitKeysOf(String subject) throws InterruptedException {
        Instant patience = Instant.now().plusSeconds(10);
        while (keysOf(subject).isEmpty()) {
            assertThat(Instant.now()).isBefore(patience);
            Thread.sleep(20);
        }
    }

    private static List<String> keysOf(String subject) {
        List<String> found = new ArrayList<>();
        get(db.keyPool()
                        .preparedQuery("select category from person_key where subject = $1 and wrapped is not null"
                                + " order by category")
                        .execute(Tuple.of(subject)))
                .forEach(row -> found.add(row.getString("category")));
        return found;
    }

    @Test
    void whatIsMovedToAnotherStreamDoesNotOpen() {
        StreamId from = arrived();
        StreamId to = arrived();
        db.query("update event set data = (select data from event where stream_id = '" + from.text()
                + "' and version = 2) where stream_id = '" + to.text() + "' and version = 2");

        assertThatThrownBy(() -> seenBy(db.replica(), to)).isInstanceOf(EventTypes.UnreadableEvent.class);
    }

    @Test
    void whatIsMovedToAnotherFieldOrTypeDoesNotOpen() {
        StreamId stream = arrived();
        String data = storedText(stream).lines().findFirst().orElseThrow();
        String swapped = data.replace("\"given\"", "\"tmp\"")
                .replace("\"born\"", "\"given\"")
                .replace("\"tmp\"", "\"born\"");
        write(stream, 1, "shelter.guest-arrived", swapped);
        assertThatThrownBy(() -> seenBy(db.replica(), stream)).isInstanceOf(EventTypes.UnreadableEvent.class);

        write(stream, 1, "shelter.guest-arrived", data);
        assertThat(seenBy(db.replica(), stream).arrived()).isEqualTo(Guest.example());

        String note = storedText(stream).lines().toList().get(1);
        db.query("update event set schema_version = 1 where stream_id = '" + stream.text() + "'");
        write(stream, 2, "shelter.guest-arrived", note.replace("\"note\"", "\"room\""));
        assertThatThrownBy(() -> seenBy(db.replica(), stream)).isInstanceOf(EventTypes.UnreadableEvent.class);
    }

    private static void write(StreamId stream, long version, String type, String data) {
        get(db.pool
                .preparedQuery("update event set data = $3, type = $4 where stream_id = $1 and version = $2")
                .execute(Tuple.of(stream.text(), version, Buffer.buffer(data), type)));
    }

    @Test
    void whatWasStoredBeforeSealingAndInOldVersionsIsReadForEver() {
        StreamId stream = guest();
        get(handle(db.store, stream, new Guest.Note("north", Guest.NOTE)));
        write(stream, 1, "shelter.guest-noted", "{\"house\":\"south\",\"remark\":\"plain\"}");
        db.query("update event set schema_version = 1 where stream_id = '" + stream.text() + "'");

        assertThat(seenBy(db.replica(), stream).notes()).containsExactly("plain");
        get(db.keys().destroy(stream.key()));
        assertThat(seenBy(db.replica(), stream).notes()).containsExactly("plain");
    }

    @Test
    void anOldVersionIsOpenedBeforeItIsBroughtUpToDate() {
        StreamId stream = arrived();
        String note = storedText(stream).lines().toList().get(1);
        DataKeys keys = db.keys();
        var found = get(keys.of(Set.of(new DataKeys.Whose(stream.key(), "story"))));
        String text = org.passerelle.eventsourcing.sealing.Examples.sealed(
                found, "story", stream.text(), "shelter.guest-noted", "remark", "\"old words\"", stream.key());
        write(stream, 2, "shelter.guest-noted", "{\"house\":\"south\",\"remark\":" + text + "}");
        db.query("update event set schema_version = 1 where version = 2 and stream_id = '" + stream.text() + "'");

        assertThat(note).contains("$sealed");
        assertThat(seenBy(db.replica(), stream).notes()).containsExactly("old words");
        get(keys.destroy(stream.key()));
        assertThat(seenBy(db.replica(), stream).notes()).containsExactly("");
    }

    @Test
    void whoseKeysAreDestroyedIsErasedEverywhereWithinSeconds() throws InterruptedException {
        StreamId stream = arrived();
        EventStore other = db.replica();
        assertThat(seenBy(other, stream).notes()).containsExactly(Guest.NOTE);

        get(db.keys().destroy(stream.key()));

        assertThat(keysOf(stream.key())).isEmpty();
        Thread.sleep(3_500); // longer than a key counts without being asked for
        for (EventStore store : List.of(db.store, other, db.replica())) {
            Guest guest = seenBy(store, stream);
            assertThat(guest.notes()).containsExactly("");
            assertThat(guest.arrived())
                    .isEqualTo(new Guest.Arrived(
                            new Guest.Name(null, null),
                            "room 4",
                            List.of(),
                            List.of(new Guest.Bed(1, null), new Guest.Bed(2, null)),
                            java.util.Optional.of(new Guest.Name(null, null))));
        }
    }

    @Test
    void ofAnErasedPersonNothingPersonalIsStoredAgain() throws InterruptedException {
        StreamId stream = arrived();
        awaitKeysOf(stream.key());
        get(db.keys().destroy(stream.key()));
        EventStore fresh = db.replica();

        assertThatThrownBy(() -> get(handle(fresh, stream, new Guest.Note("north", "again"))))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("person-erased"));

        get(db.pool.withTransaction(tx -> fresh.handleIn(
                tx, Guest.KIND, stream, new Guest.Note("from an effect", "again"), Metadata.system("test"))));
        assertThat(storedText(stream)).contains("from an effect").doesNotContain("again");
        assertThat(seenBy(fresh, stream).notes()).containsExactly("", "");
    }

    @Test
    void aPersonIsErasedAlsoWhereAKeyOfThemIsBeingMade() {
        for (int round = 0; round < 20; round++) {
            StreamId stream = guest();
            DataKeys keys = db.keys();
            DataKeys others = db.keys();
            get(Uni.join()
                    .all(
                            keys.of(Set.of(new DataKeys.Whose(stream.key(), "story")))
                                    .replaceWithVoid(),
                            others.destroy(stream.key()).replaceWithVoid())
                    .andCollectFailures());
            assertThat(keysOf(stream.key())).isEmpty();
        }
    }

    @Test
    void withoutKeysNothingPersonalIsStored() {
        EventStore without = new EventStore(db.pool, List.of(), () -> {});

        assertThatThrownBy(() -> get(handle(without, guest(), new Guest.Note("north", "words"))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> get(db.store.append(new Append(
                        List.of(new StreamAppend(
                                guest(),
                                ExpectedVersion.any(),
                                List.of(Guest.TYPES.encode(new Guest.Noted("north", "words"))),
                                List.of())),
                        Metadata.system("test"),
                        null))))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void anAnswerIsSealedAndEndsWithTheKeyOfItsDay() {
        StreamId stream = guest();
        byte[] body = "{\"said\":\"the answer\"}".getBytes(StandardCharsets.UTF_8);
        String key = "worker " + stream.key();
        Once<Guest, Guest.Event> once =
                new Once<>(key, new byte[] {1}, done -> new StoredAnswer(201, "/guests/1", 1, body));
        for (EventStore store : List.of(db.store, db.replica())) {
            Outcome<Guest, Guest.Event> outcome = get(store.handle(
                    Guest.KIND,
                    stream,
                    new Guest.Note("north", Guest.NOTE),
                    ExpectedVersion.none(),
                    Metadata.system("test"),
                    once));
            assertThat(outcome.answer().body()).isEqualTo(body);
        }
        assertThat(new String(
                        db.query("select body from receipt where key = '" + key + "'")
                                .getFirst()
                                .getBuffer("body")
                                .getBytes(),
                        StandardCharsets.UTF_8))
                .doesNotContain("the answer");

        get(db.keys().destroy("receipts " + java.time.LocalDate.now(java.time.ZoneOffset.UTC)));
        StoredAnswer left = get(db.replica().answerTo(key, new byte[] {1})).orElseThrow();
        assertThat(left.body()).isEmpty();
        assertThat(left.status()).isEqualTo(201);
        assertThat(left.location()).isEqualTo("/guests/1");
    }

    @Test
    void aKeyFileIsItsOwnersAloneAndItsRotationTouchesNoEvent() throws Exception {
        Path file = directory.resolve("rotated.json");
        try (TestStore own = TestStore.sealing(file)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            StreamId stream = guest();
            get(handle(own.store, stream, new Guest.Arrive(Guest.example())));
            String before = own.query("select encode(data, 'base64') as t from event")
                    .getFirst()
                    .getString("t");
            String first = get(own.keys().status()).current();

            KeyEncryption.ofFile(file).rotate();
            DataKeys keys = own.keys();
            DataKeys.Status rotated = get(keys.status());
            assertThat(rotated.current()).isNotEqualTo(first);
            assertThat(rotated.wrappings())
                    .extracting(DataKeys.Wrapping::wrappedBy)
                    .containsExactly(first);
            assertThat(get(keys.rewrap(2))).isEqualTo(2);
            assertThat(get(keys.rewrap(1000))).isPositive();
            assertThat(get(keys.rewrap(1000))).isZero();

            DataKeys.Status after = get(keys.status());
            assertThat(after.wrappings())
                    .extracting(DataKeys.Wrapping::wrappedBy)
                    .containsExactly(rotated.current());
            assertThat(after.missing()).isZero();
            assertThat(own.query("select encode(data, 'base64') as t from event")
                            .getFirst()
                            .getString("t"))
                    .isEqualTo(before);
            assertThat(get(own.replica().load(Guest.KIND, stream)).state().arrived())
                    .isEqualTo(Guest.example());
        }
    }

    @Test
    void aLostKeyFileIsNoErasure() throws Exception {
        Path file = directory.resolve("lost.json");
        try (TestStore own = TestStore.sealing(file)) {
            StreamId stream = guest();
            get(handle(own.store, stream, new Guest.Arrive(Guest.example())));
            Files.delete(file);
            EventStore replica = own.replica(); // makes another file, with another key

            assertThatThrownBy(() -> get(replica.load(Guest.KIND, stream))).isInstanceOf(KeysUnavailable.class);
            assertThat(get(own.keys().status()).missing()).isPositive();
        }
    }

    @Test
    void aKeyFileThatEverybodyMayReadIsRefused() throws Exception {
        Path file = directory.resolve("open.json");
        KeyEncryption.ofFile(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> KeyEncryption.of(
                                Objects.requireNonNull(file.toUri()).toString(), List.of())
                        .current())
                .isInstanceOf(KeysUnavailable.class);
    }
}
