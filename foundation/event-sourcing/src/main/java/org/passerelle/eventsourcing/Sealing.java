package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.DataKeys.Keys;
import org.passerelle.eventsourcing.sealing.DataKeys.Whose;
import org.passerelle.eventsourcing.sealing.KeysUnavailable;
import org.passerelle.eventsourcing.sealing.Sealed;

/**
 * Seals what is to be stored and opens what was. Without keys it stores nothing personal, and what was sealed reads as
 * erased.
 */
final class Sealing {

    /** What becomes of a personal field whose person is erased. */
    enum OfTheErased {
        /** Somebody is told that it cannot be kept. */
        REFUSED,
        /** What follows from an event must go on; only what stands in for the field is stored. */
        LEFT_OUT
    }

    private static final String ANSWERS = "receipts ";
    private static final String ANSWER = "answer";

    private final @Nullable DataKeys keys;

    Sealing(@Nullable DataKeys keys) {
        this.keys = keys;
    }

    /**
     * @return failing with {@link Refusal} {@code person-erased}, or with {@link AppendRejected.Unavailable}
     */
    Uni<Append> seal(Append append, OfTheErased erased) {
        Set<Whose> whose = new HashSet<>();
        Map<NewEvent, Sealed.Plain> plain = new IdentityHashMap<>();
        for (StreamAppend stream : append.streams()) {
            for (NewEvent event : stream.events()) {
                NewEvent.Unsealed unsealed = event.unsealed();
                if (unsealed != null) {
                    String subject = subject(unsealed, event);
                    Sealed.Plain parsed = new Sealed.Plain(event.data(), unsealed.fields());
                    plain.put(event, parsed);
                    parsed.categories().forEach(category -> whose.add(new Whose(subject, category)));
                }
            }
        }
        Set<Whose> persons = Set.copyOf(whose);
        Receipt receipt = append.receipt();
        Whose answers = receipt == null || keys == null ? null : answersOfToday();
        if (answers != null) {
            whose.add(answers);
        }
        if (whose.isEmpty()) {
            return Uni.createFrom().item(append);
        }
        if (keys == null) {
            throw new IllegalStateException("personal fields and no keys to seal them");
        }
        return keys.of(whose, isNew(append) ? persons : Set.of())
                .onFailure(KeysUnavailable.class)
                .transform(failure -> new AppendRejected.Unavailable("keys", failure))
                .map(found -> {
                    boolean gone = whose.stream()
                            .anyMatch(
                                    one -> !one.equals(answers) && found.id(one).isEmpty());
                    if (gone && erased == OfTheErased.REFUSED) {
                        throw Refusal.of("person-erased").conflict();
                    }
                    return new Append(
                            append.streams().stream()
                                    .map(stream -> sealed(stream, plain, found))
                                    .toList(),
                            append.by(),
                            receipt == null || answers == null ? receipt : sealed(receipt, answers, found));
                });
    }

    /** Whether its persons likely have no keys yet. */
    private static boolean isNew(Append append) {
        return append.streams().stream().allMatch(stream -> stream.expected() instanceof ExpectedVersion.None);
    }

    private static String subject(NewEvent.Unsealed unsealed, NewEvent event) {
        return Objects.requireNonNull(
                unsealed.subject(), () -> "nobody said whose personal fields these are: " + event.type());
    }

    private static StreamAppend sealed(StreamAppend stream, Map<NewEvent, Sealed.Plain> plain, Keys found) {
        List<NewEvent> events = new ArrayList<>(stream.events().size());
        for (NewEvent event : stream.events()) {
            NewEvent.Unsealed unsealed = event.unsealed();
            Sealed.Plain parsed = plain.get(event);
            if (unsealed == null || parsed == null) {
                events.add(event);
                continue;
            }
            String subject = subject(unsealed, event);
            byte[] data = parsed.seal(new Sealed.Home(stream.stream().text(), event.type()), subject, found);
            events.add(new NewEvent(event.type(), event.schemaVersion(), data));
        }
        return new StreamAppend(stream.stream(), stream.expected(), events, stream.deadlines());
    }

    /** With keys that open what is sealed in them. */
    Uni<List<StoredEvent>> open(List<StoredEvent> events) {
        DataKeys open = keys;
        if (open == null) {
            return Uni.createFrom().item(events);
        }
        Set<String> wanted = keysIn(events);
        return wanted.isEmpty()
                ? Uni.createFrom().item(events)
                : open.ring(wanted)
                        .map(ring ->
                                events.stream().map(event -> event.with(ring)).toList());
    }

    static Set<String> keysIn(List<StoredEvent> events) {
        Set<String> wanted = new HashSet<>();
        events.forEach(event -> wanted.addAll(Sealed.keysIn(event.data())));
        return wanted;
    }

    /** Whether none of these keys is destroyed, by what was known a moment ago. */
    boolean fresh(Set<String> used) {
        return keys == null || keys.fresh(used);
    }

    /** Whether none of these keys is destroyed. */
    Uni<Boolean> live(Set<String> used) {
        return keys == null || keys.fresh(used)
                ? Uni.createFrom().item(true)
                : keys.ring(used).map(ring -> ring.ids().containsAll(used));
    }

    /** One key a day for the answers of all receipts: when it is destroyed, those of the day are gone. */
    private static Whose answersOfToday() {
        return new Whose(ANSWERS + LocalDate.now(ZoneOffset.UTC), ANSWER);
    }

    Uni<Integer> forgetAnswers(LocalDate before) {
        DataKeys open = keys;
        if (open == null) {
            return Uni.createFrom().item(0);
        }
        return open.notDestroyed(ANSWERS, ANSWERS + before)
                .onItem()
                .transformToMulti(days -> Multi.createFrom().iterable(days))
                .onItem()
                .transformToUniAndConcatenate(open::destroy)
                .collect()
                .asList()
                .map(List::size);
    }

    private static Receipt sealed(Receipt receipt, Whose answers, Keys found) {
        StoredAnswer answer = receipt.answer();
        Optional<String> key = found.id(answers);
        if (answer.body().length == 0 || key.isEmpty()) {
            return receipt;
        }
        byte[] body = Sealed.sealBytes(answer.body(), home(receipt.key()), key.get(), found.ring());
        return new Receipt(
                receipt.key(),
                receipt.fingerprint(),
                new StoredAnswer(answer.status(), answer.location(), answer.version(), body));
    }

    private static Sealed.Home home(String receipt) {
        return new Sealed.Home("receipt", receipt);
    }

    /** With its body, or without it once that is too old. */
    Uni<StoredAnswer> open(StoredAnswer answer, String receipt) {
        String key = Sealed.keyOf(answer.body());
        if (key == null || keys == null) {
            return Uni.createFrom().item(answer);
        }
        return keys.ring(Set.of(key))
                .map(ring -> new StoredAnswer(
                        answer.status(),
                        answer.location(),
                        answer.version(),
                        Sealed.openBytes(answer.body(), home(receipt), ring).orElseGet(() -> new byte[0])));
    }
}
