package org.passerelle.identification.exchange.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.arriving.Arrival;
import org.passerelle.identification.arriving.ArrivalCommand.NoteWithdrawal;
import org.passerelle.identification.arriving.ArrivalCommand.TakeIn;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.arriving.ArrivalStream;
import org.passerelle.identification.arriving.keeping.Arrivals;
import org.passerelle.identification.casefile.CaseCommand.NoteAnswerFromAbroad;
import org.passerelle.identification.casefile.CaseCommand.NoteWithdrawalHeard;
import org.passerelle.identification.casefile.CaseCommand.WithdrawConsent;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.exchange.Exchange;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.handingover.Verdict;
import org.passerelle.identification.messages.Digest;
import org.passerelle.identification.messages.Message;
import org.passerelle.identification.needs.rest.Countries;
import org.passerelle.identification.reading.CaseView;

/** What a message that was read and is sound brings about; the same for one that was sent and one that was carried. */
@ApplicationScoped
public class TakingIn {

    @Inject
    CrossBorder border;

    @Inject
    EventStore store;

    @Inject
    Pool pool;

    @Inject
    Arrivals arrivals;

    @Inject
    HandOverIndex handOvers;

    @Inject
    Countries countries;

    /**
     * What was taken.
     *
     * @param news  whether it was the first time
     * @param state waiting, accepted, declined, expired or withdrawn of a hand-over; of an answer what the case says of its hand-over now
     */
    public record Taken(HandOverId handOverId, boolean news, String state) {}

    /** @param file as it came */
    Uni<Taken> handOver(
            Message message,
            Message.HandingOver said,
            String file,
            HandOverArrived.Means means,
            Metadata by,
            Instant now) {
        border.desk();
        HandOverId id = new HandOverId(message.id());
        HandOverArrived arrived = new HandOverArrived(
                id,
                message.from(),
                message.digest().text(),
                means,
                message.until(),
                now,
                countries
                        .desk(message.to())
                        .start(Optional.ofNullable(said.needs()).orElse(List.of()), now, message.until()));
        return pool.withTransaction(tx -> store.handleIn(
                        tx, ArrivalStream.KIND, ArrivalStream.of(id), new TakeIn(arrived), by)
                .call(handled -> handled.events().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : arrivals.keep(tx, id, file, message.until()))
                .map(handled -> new Taken(id, !handled.events().isEmpty(), word(handled.state()))));
    }

    /** Answers to what was never sent, by somebody it was not sent to, or to another file, change nothing. */
    Uni<Taken> answer(Message message, Message.Answering answer, Metadata by, Instant now) {
        HandOverId id = new HandOverId(answer.handOver());
        return ofOurs(id)
                .flatMap(code -> store.load(CaseStream.KIND, CaseStream.of(code))
                        .invoke(loaded -> check(message, answer, loaded.state(), id))
                        .flatMap(loaded -> store.handle(
                                CaseStream.KIND, CaseStream.of(code), noted(answer, now), ExpectedVersion.any(), by))
                        .map(handled -> new Taken(
                                id,
                                !handled.events().isEmpty(),
                                state(handled.state(), id).state().name().toLowerCase(Locale.ROOT))));
    }

    /** What an answer makes the case note. */
    static NoteAnswerFromAbroad noted(Message.Answering answer, Instant now) {
        return new NoteAnswerFromAbroad(
                new HandOverId(answer.handOver()),
                answer.verdict(),
                answer.reason(),
                answer.expiredAt() != null && answer.verdict() == Verdict.RECEIVED,
                now);
    }

    private static void check(Message message, Message.Answering answer, CaseFile file, HandOverId id) {
        HandOver handOver = state(file, id);
        String sent = handOver.file();
        if (!handOver.to().equals(message.from())) {
            throw Refusal.of("exchange-misdirected").field("iss").invalid();
        }
        // Of somebody who was erased the file is gone; the answer is taken note of all the same.
        if (sent != null && !Exchange.digest(sent).equals(answer.digest())) {
            throw Refusal.of("exchange-misdirected").field("content.digest").invalid();
        }
    }

    /**
     * The desk is shown it, the file is destroyed while it waits, and in a case that was opened already the consent that it
     * came with is withdrawn too: so whoever keeps that case sees it there.
     */
    Uni<Taken> withdrawal(Message message, Message.Withdrawing said, Metadata by, Instant now) {
        border.desk();
        HandOverId id = new HandOverId(said.handOver());
        Digest digest = said.digest();
        NoteWithdrawal command =
                new NoteWithdrawal(id, message.from(), digest == null ? null : digest.text(), said.withdrawnAt(), now);
        return pool.withTransaction(tx -> store.handleIn(tx, ArrivalStream.KIND, ArrivalStream.of(id), command, by)
                .call(handled -> handled.events().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : withdrawnInItsCase(tx, handled.state(), by, now))
                .map(handled -> new Taken(id, !handled.events().isEmpty(), word(handled.state()))));
    }

    /** The arrival is locked: what was opened for it is committed. */
    private Uni<Void> withdrawnInItsCase(SqlConnection tx, Arrival arrival, Metadata by, Instant now) {
        CaseCode code = arrival instanceof Arrival.Withdrawn withdrawn ? withdrawn.caseCode() : null;
        if (code == null) {
            return Uni.createFrom().voidItem();
        }
        return store.loadIn(tx, CaseStream.KIND, CaseStream.of(code))
                .flatMap(loaded -> CaseView.facts(loaded.state())
                        .consents()
                        .broughtAlong()
                        .map(consent -> store.handleIn(
                                        tx, CaseStream.KIND, CaseStream.of(code), new WithdrawConsent(consent, now), by)
                                .replaceWithVoid())
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    /** Like answers: only of what was sent, by whom it was sent to. */
    Uni<Taken> withdrawalHeard(Message message, Message.WithdrawalHeard heard, Metadata by, Instant now) {
        HandOverId id = new HandOverId(heard.handOver());
        return ofOurs(id)
                .flatMap(code -> store.load(CaseStream.KIND, CaseStream.of(code))
                        .invoke(loaded -> {
                            if (!state(loaded.state(), id).to().equals(message.from())) {
                                throw Refusal.of("exchange-misdirected")
                                        .field("iss")
                                        .invalid();
                            }
                        })
                        .flatMap(loaded -> store.handle(
                                CaseStream.KIND,
                                CaseStream.of(code),
                                new NoteWithdrawalHeard(id, heard.heardAt(), now),
                                ExpectedVersion.any(),
                                by))
                        .map(handled -> new Taken(
                                id,
                                !handled.events().isEmpty(),
                                state(handled.state(), id).state().name().toLowerCase(Locale.ROOT))));
    }

    private Uni<CaseCode> ofOurs(HandOverId id) {
        return handOvers
                .caseOf(id)
                .onFailure(Refusal.class)
                .transform(unknown -> Refusal.of("exchange-misdirected")
                        .field("content.handOver")
                        .invalid());
    }

    static HandOver state(CaseFile file, HandOverId id) {
        return CaseView.facts(file).handOver(id).orElseThrow(Access::unknown);
    }

    /** What this mechanism says of an arrival at this moment. */
    static Message.Answering answerTo(Arrival arrival, Instant now) {
        return switch (arrival) {
            case Arrival.Unknown unknown -> throw Access.unknown();
            // It was received, and nobody decided.
            case Arrival.Expired expired -> answering(expired.arrived(), Verdict.RECEIVED, null, expired.at(), now);
            case Arrival.Waiting waiting -> answering(waiting.arrived(), Verdict.RECEIVED, null, null, now);
            case Arrival.Accepted accepted -> answering(accepted.arrived(), Verdict.ACCEPTED, null, null, now);
            case Arrival.Declined declined ->
                answering(declined.arrived(), Verdict.DECLINED, declined.reason(), null, now);
            case Arrival.WithdrawnBefore said -> throw Access.unknown();
            case Arrival.Withdrawn withdrawn ->
                answering(
                        withdrawn.arrived(),
                        withdrawn.caseCode() == null ? Verdict.RECEIVED : Verdict.ACCEPTED,
                        null,
                        null,
                        now);
        };
    }

    private static Message.Answering answering(
            HandOverArrived arrived,
            Verdict verdict,
            @Nullable Declining reason,
            @Nullable Instant expiredAt,
            Instant now) {
        return new Message.Answering(
                arrived.handOverId().value(), Digest.parse(arrived.digest()), verdict, reason, expiredAt, now);
    }

    /** A signed file with that answer, for the sender's eyes only. */
    public Uni<String> answerFile(HandOverId id, Instant now) {
        return store.load(ArrivalStream.KIND, ArrivalStream.of(id)).map(loaded -> {
            Message.Answering answer = answerTo(loaded.state(), now);
            return border.exchange()
                    .write(
                            border.partner(from(loaded.state())),
                            UUID.randomUUID(),
                            answer,
                            now,
                            now.plus(border.validFor()));
        });
    }

    /**
     * A signed file that says since when the withdrawal is known here, for the sender's eyes only.
     *
     * @param to where several said so of a file that has not come, this one of them; null for the last
     */
    public Uni<String> withdrawalHeardFile(HandOverId id, @Nullable Country to, Instant now) {
        return store.load(ArrivalStream.KIND, ArrivalStream.of(id)).map(loaded -> switch (loaded.state()) {
            case Arrival.WithdrawnBefore said -> {
                Map.Entry<Country, Instant> last = said.heardAt().lastEntry();
                Instant at = to == null ? null : said.heardAt().get(to);
                yield to == null || at == null
                        ? heard(last.getKey(), id, last.getValue(), now)
                        : heard(to, id, at, now);
            }
            case Arrival.Withdrawn withdrawn -> heard(withdrawn.arrived().from(), id, withdrawn.heardAt(), now);
            // Nothing of it was kept.
            case Arrival.Declined declined -> heard(declined.arrived().from(), id, now, now);
            case Arrival.Unknown unknown -> throw Access.unknown();
            case Arrival.Waiting waiting -> throw Access.unknown();
            case Arrival.Accepted accepted -> throw Access.unknown();
            case Arrival.Expired expired -> throw Access.unknown();
        });
    }

    private String heard(Country to, HandOverId id, Instant at, Instant now) {
        return border.exchange()
                .write(
                        border.partner(to),
                        UUID.randomUUID(),
                        new Message.WithdrawalHeard(id.value(), at),
                        now,
                        now.plus(border.validFor()));
    }

    /** A signed file that says that the person has withdrawn, for the receiver's eyes only. */
    public String withdrawalFile(HandOver handOver, Instant now) {
        HandOver.Withdrawal withdrawal = handOver.withdrawal();
        if (withdrawal == null) {
            throw Refusal.of("hand-over-not-withdrawn").conflict();
        }
        String file = handOver.file();
        return border.exchange()
                .write(
                        border.partner(handOver.to()),
                        UUID.randomUUID(),
                        new Message.Withdrawing(
                                handOver.id().value(), file == null ? null : Exchange.digest(file), withdrawal.at()),
                        now,
                        now.plus(border.validFor()));
    }

    private static Country from(Arrival arrival) {
        return switch (arrival) {
            case Arrival.Unknown unknown -> throw Access.unknown();
            case Arrival.Waiting waiting -> waiting.arrived().from();
            case Arrival.Accepted accepted -> accepted.arrived().from();
            case Arrival.Expired expired -> expired.arrived().from();
            case Arrival.Declined declined -> declined.arrived().from();
            case Arrival.WithdrawnBefore said -> said.heardAt().lastEntry().getKey();
            case Arrival.Withdrawn withdrawn -> withdrawn.arrived().from();
        };
    }

    private static String word(Arrival arrival) {
        return switch (arrival) {
            case Arrival.Unknown unknown -> throw Access.unknown();
            case Arrival.Waiting waiting -> "waiting";
            case Arrival.Accepted accepted -> "accepted";
            case Arrival.Expired expired -> "expired";
            case Arrival.Declined declined -> "declined";
            case Arrival.WithdrawnBefore said -> "withdrawn";
            case Arrival.Withdrawn withdrawn -> "withdrawn";
        };
    }
}
