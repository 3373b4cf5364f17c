package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.eventsourcing.testkit.DeciderSpec.given;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.MemoryStore;
import org.passerelle.eventsourcing.testkit.SetClock;
import org.passerelle.eventsourcing.testkit.TestStore;

/** The examples of docs/event-sourcing.md: what stands there is cut from here. */
@Tag("kernel")
class GuideExamplesTest {

    private static final Path GUIDE = Path.of("..", "..", "docs", "event-sourcing.md");
    private static final Path SOURCE =
            Path.of("src", "test", "java", "org", "passerelle", "eventsourcing", "GuideExamplesTest.java");

    // example: rules
    /** A room of a shelter. */
    record Room(int free) {

        sealed interface Command permits Furnish, Reserve {}

        record Furnish(int beds) implements Command {}

        record Reserve(String referral, Instant until) implements Command {}

        sealed interface Event permits Furnished, Reserved {}

        record Furnished(int beds) implements Event {}

        record Reserved(String referral, Instant until) implements Event {}

        static final class Rules implements Decider<Command, Room, Event> {
            @Override
            public Room initial() {
                return new Room(0);
            }

            @Override
            public List<Event> decide(Command command, Room room) {
                return switch (command) {
                    case Furnish furnish -> List.of(new Furnished(furnish.beds()));
                    case Reserve reserve -> {
                        if (room.free() == 0) {
                            throw Refusal.of("room-full");
                        }
                        yield List.of(new Reserved(reserve.referral(), reserve.until()));
                    }
                };
            }

            @Override
            public Room evolve(Room room, Event event) {
                return switch (event) {
                    case Furnished furnished -> new Room(room.free() + furnished.beds());
                    case Reserved reserved -> new Room(room.free() - 1);
                };
            }
        }
    }
    // end

    // example: names
    static final EventTypes<Room.Event> TYPES = EventTypes.of(Room.Event.class)
            .type("shelter.room-furnished", 2, Room.Furnished.class)
            .upcast("shelter.room-furnished", 1, old -> old.put("beds", 1)) // rooms had one bed each
            .type("shelter.bed-reserved", 1, Room.Reserved.class)
            .build();

    static final StreamKind<Room.Command, Room, Room.Event> ROOMS =
            new StreamKind<>("room", new Room.Rules(), TYPES, event -> switch (event) {
                case Room.Reserved reserved -> List.of(DeadlineChange.set("reservation", reserved.until()));
                case Room.Furnished furnished -> List.of();
            });
    // end

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void rulesAreTestedWithoutAStore() {
        // example: given-when-then
        given(new Room.Rules(), new Room.Furnished(1), new Room.Reserved("r1", NOON))
                .when(new Room.Reserve("r2", NOON))
                .thenRefused("room-full");
        // end
    }

    @Test
    void aStoreInMemoryIsEnoughForMostTests() {
        // example: memory
        MemoryStore store = new MemoryStore(new SetClock(NOON));
        store.handle(ROOMS, ROOMS.stream("12"), new Room.Furnish(2), ExpectedVersion.none(), Metadata.system("test"));
        store.sequence();
        // end
        assertThat(store.log(0, 10)).hasSize(1);
    }

    @Test
    void commandsAreHandledAndTheLogIsRead() {
        try (TestStore db = new TestStore()) {
            Pool pool = db.pool;
            // example: append
            EventStore store = new EventStore(pool, List.of(), () -> {});
            StreamId room = ROOMS.stream("12");
            Metadata by = new Metadata("https://login.example", "worker-7", "shelter-3", "4711", null);
            Uni<Handled<Room, Room.Event>> handled =
                    store.handle(ROOMS, room, new Room.Furnish(2), ExpectedVersion.none(), by);
            // end
            assertThat(handled.await().indefinitely().version()).isEqualTo(1);
            // example: once
            StoredAnswer answer = new StoredAnswer(201, "/rooms/12", 2, new byte[0]);
            Uni<Outcome<Room, Room.Event>> outcome = store.handle(
                    ROOMS,
                    room,
                    new Room.Reserve("r1", Instant.now().plus(Duration.ofHours(2))),
                    ExpectedVersion.any(),
                    by,
                    new Once<>("worker-7 key-1", new byte[] {1}, done -> answer));
            // end
            assertThat(outcome.await().indefinitely()).isInstanceOf(Outcome.Done.class);
            assertThat(outcome.await().indefinitely()).isInstanceOf(Outcome.Repeated.class);
            // example: load
            Uni<Loaded<Room>> now = store.load(ROOMS, room);
            Uni<Loaded<Room>> then = store.load(ROOMS, room, UpTo.at(NOON));
            // end
            assertThat(now.await().indefinitely().state().free()).isEqualTo(1);
            assertThat(then.await().indefinitely().version()).isZero();
            // example: loops
            LogSignal signal = new LogSignal(pool);
            List<Loop> loops = List.of(
                    Loop.start("sequencer", Duration.ofMillis(50), new Sequencer(pool)),
                    Loop.start("log signal", Duration.ofSeconds(1), signal));
            // end
            // example: tail
            Multi<LogEntry> tail = new LogTail(pool, signal).from(0, Set.of("room"));
            // end
            assertThat(tail.select()
                            .first(2)
                            .map(LogEntry::seq)
                            .collect()
                            .asList()
                            .await()
                            .atMost(Duration.ofSeconds(30)))
                    .containsExactly(1L, 2L);
            Sums.table(db);
            Projection sums = new Sums();
            // example: project
            Loop projecting =
                    Loop.start("projection " + sums.name(), Duration.ofMillis(50), new Projecting(pool, sums));
            // end
            // example: rebuild
            Rebuild rebuild = new Rebuild(pool, sums);
            rebuild.begin().await().indefinitely();
            Rebuild.State ended = rebuild.run(false);
            // end
            assertThat(ended).isEqualTo(Rebuild.State.SWAPPED);
            projecting.close();
            loops.forEach(Loop::close);
        }
    }

    @Test
    void everyExampleOfTheGuideIsCutFromHere() throws IOException {
        String source = Files.readString(SOURCE);
        Matcher block = Pattern.compile("<!-- (\\S+) -->\\n```java\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(GUIDE));
        int blocks = 0;
        while (block.find()) {
            Matcher cut = Pattern.compile("\\n *// example: " + block.group(1) + "\\n(.*?)\\n *// end", Pattern.DOTALL)
                    .matcher(source);
            assertThat(cut.find()).as(block.group(1)).isTrue();
            assertThat(block.group(2).strip())
                    .as(block.group(1))
                    .isEqualTo(cut.group(1).stripIndent().strip());
            blocks++;
        }
        assertThat(blocks)
                .isEqualTo(Pattern.compile("```java")
                        .matcher(Files.readString(GUIDE))
                        .results()
                        .count());
        assertThat(blocks)
                .isEqualTo(Pattern.compile("\\n *// example: ")
                        .matcher(source)
                        .results()
                        .count());
    }
}
