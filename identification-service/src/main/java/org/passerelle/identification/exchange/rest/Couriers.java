package org.passerelle.identification.exchange.rest;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.passerelle.edge.Kernel;
import org.passerelle.edge.Reads;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand;
import org.passerelle.identification.casefile.CaseCommand.EndHandOver;
import org.passerelle.identification.casefile.CaseCommand.NoteRefusalFromAbroad;
import org.passerelle.identification.casefile.CaseCommand.NoteWithdrawalHeard;
import org.passerelle.identification.casefile.CaseCommand.SendHandOver;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.exchange.Exchange;
import org.passerelle.identification.exchange.Partners.Partner;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.messages.Message;

/**
 * Brings hand-overs and answers to partners' installations, and tries again with growing patience until they are taken. Any
 * replica may; what is sent twice has one effect there. Whether a hand-over may leave is asked before each attempt.
 */
@ApplicationScoped
public class Couriers implements Loop.Step {

    private static final Logger LOG = Logger.getLogger(Couriers.class);

    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** In bytes: a file, and room for a problem that somebody explains at length. */
    private static final int LARGEST_ANSWER = Exchange.LARGEST + 1024;

    private static final String ANSWERED = "answer";
    private static final String WITHDRAWN = "withdrawal";

    /** At a time; the claim of a row outlives all attempts of one step. */
    private static final int AT_ONCE = 4;

    /**
     * Where a pause is shorter than an attempt two replicas may send at once, which has one effect. A withdrawal that nobody
     * heard while its hand-over was meant waits for hours: somebody who is away for long holds up nobody else.
     */
    private static final String CLAIM = """
            update exchange_out o
            set tries = o.tries + 1,
                next_try_at = clock_timestamp() + case
                    when o.kind = 'withdrawal' and o.begun_at < clock_timestamp() - $2::float8 * interval '1 second'
                    then interval '6 hours'
                    else least(600, $1::float8 * power(2, least(o.tries, 9))) * interval '1 second' end
            where (o.hand_over_id, o.kind) in (
                select hand_over_id, kind from exchange_out where given_up is null and next_try_at <= clock_timestamp()
                order by next_try_at limit %d for update skip locked)
            returning o.hand_over_id, o.kind, o.country, o.begun_at
            """.formatted(AT_ONCE);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(3))
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private Instant swept = Instant.EPOCH;

    @Inject
    CrossBorder border;

    @Inject
    HandOverIndex handOvers;

    @Inject
    TakingIn takingIn;

    @Inject
    EventStore store;

    @Inject
    Reads reads;

    @Inject
    Pool pool;

    @Inject
    Kernel kernel;

    private record Errand(HandOverId id, String kind, Country country, Instant begun) {}

    void start(@Observes @Priority(10_100) StartupEvent started) {
        kernel.run("couriers", IDLE, this);
    }

    @Override
    public Uni<Integer> step() {
        // What has come is deleted in time also where nothing is exchanged any more.
        return sweep().chain(() -> border.on() ? errands() : Uni.createFrom().item(0));
    }

    private Uni<Integer> errands() {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(
                        border.patience().toMillis() / 1000.0, border.validFor().toMillis() / 1000.0))
                .flatMap(rows -> {
                    List<Errand> errands = new ArrayList<>();
                    rows.forEach(row -> errands.add(errand(row)));
                    return Multi.createFrom()
                            .iterable(errands)
                            .onItem()
                            // A partner that was taken out of the configuration fails before there is anything to wait
                            // for.
                            .transformToUniAndMerge(errand -> Uni.createFrom()
                                    .deferred(() -> run(errand))
                                    // It stays and is tried again until its time is over; the others go on.
                                    .onFailure()
                                    .recoverWithUni(failure -> failed(errand, failure)))
                            .collect()
                            .asList()
                            .map(done -> errands.size());
                });
    }

    private static Errand errand(Row row) {
        return new Errand(
                new HandOverId(row.getUUID("hand_over_id")),
                row.getString("kind"),
                Country.of(row.getString("country")),
                row.getOffsetDateTime("begun_at").toInstant());
    }

    /**
     * A hand-over ends by its own deadline, an answer when it has been tried for as long as it is meant; a withdrawal is
     * tried until it is heard, however long the other installation is away.
     */
    private Uni<Void> failed(Errand errand, Throwable failure) {
        LOG.warnf(
                "%s to %s is not taken: %s",
                errand.kind(), errand.country(), failure.getClass().getName());
        if (errand.kind().equals(WITHDRAWN)) {
            return unheard(errand, failure instanceof Refusal refusal ? refusal.code() : "not-reached", false);
        }
        return errand.kind().equals(ANSWERED)
                        && errand.begun().plus(border.validFor()).isBefore(now())
                ? giveUp(errand, "not-reached")
                : Uni.createFrom().voidItem();
    }

    /**
     * Why a withdrawal is not heard, for whoever can have it carried.
     *
     * @param tomorrow it is not asked again before: the other side has no address, or does not understand it yet
     */
    private Uni<Void> unheard(Errand errand, String why, boolean tomorrow) {
        return pool.preparedQuery("update exchange_out set refused = $3, next_try_at = case when $4::boolean"
                        + " then clock_timestamp() + interval '1 day' else next_try_at end"
                        + " where hand_over_id = $1 and kind = $2")
                .execute(Tuple.of(errand.id().value(), errand.kind(), why, tomorrow))
                .replaceWithVoid();
    }

    /** The desk sees that the answer has not arrived, and can have it carried. */
    private Uni<Void> giveUp(Errand errand, String why) {
        return pool.preparedQuery("update exchange_out set given_up = $3 where hand_over_id = $1 and kind = $2"
                        + " and begun_at = $4")
                .execute(Tuple.of(
                        errand.id().value(), errand.kind(), why, errand.begun().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Files whose time is over, and proofs that no longer prove anything. */
    private Uni<Void> sweep() {
        Instant now = Instant.now();
        if (swept.plus(SWEEP).isAfter(now)) {
            return Uni.createFrom().voidItem();
        }
        swept = now;
        return pool.query("delete from arrival_file where until_at < clock_timestamp()")
                .execute()
                .chain(() -> pool.query("delete from exchange_proof where until_at < clock_timestamp()")
                        .execute())
                .replaceWithVoid();
    }

    private Uni<Void> run(Errand errand) {
        Partner partner = border.partner(errand.country());
        URI url = partner.url();
        return switch (errand.kind()) {
            case "hand-over" -> url == null ? withoutAddress(errand) : handOver(errand, partner, url);
            // To a partner without an address answers are carried, as what they answer was.
            case ANSWERED -> url == null ? done(errand) : answer(errand, partner, url);
            // So are withdrawals; but it stays known that nobody has heard them.
            case WITHDRAWN ->
                url == null ? unheard(errand, "hand-over-only-carried", true) : withdrawal(errand, partner, url);
            default -> throw new IllegalStateException("no such kind: " + errand.kind());
        };
    }

    /** It had one when this was asked for. The note takes the errand off the list. */
    private Uni<Void> withoutAddress(Errand errand) {
        return handOvers
                .caseOf(errand.id())
                .flatMap(code -> note(code, new EndHandOver(errand.id(), HandOver.Stop.NO_ADDRESS, now())));
    }

    private Uni<Void> handOver(Errand errand, Partner partner, URI url) {
        return handOvers
                .caseOf(errand.id())
                .flatMap(code -> released(code, errand.id(), partner.country())
                        .flatMap(file -> file.isEmpty()
                                ? done(errand)
                                : post(partner, url, file.get())
                                        .flatMap(answer -> taken(errand, code, file.get(), answer))));
    }

    /** The file, if it may leave now; that it leaves is on record before it does. */
    private Uni<Optional<String>> released(CaseCode code, HandOverId id, Country to) {
        Metadata by = Metadata.system("hand-over to " + to);
        return pool.withTransaction(tx -> store.handleIn(
                        tx,
                        CaseStream.KIND,
                        CaseStream.of(code),
                        new SendHandOver(id, HandOverSent.Means.EXCHANGE, now()),
                        by)
                .call(handled -> handled.events().stream().anyMatch(HandOverSent.class::isInstance)
                        ? reads.givenIn(
                                tx, "case.hand-over", code.text(), told(TakingIn.state(handled.state(), id)), by)
                        : Uni.createFrom().voidItem())
                .map(handled -> {
                    HandOver handOver = TakingIn.state(handled.state(), id);
                    return handOver.waiting() ? Optional.ofNullable(handOver.file()) : Optional.empty();
                }));
    }

    /** For the record of who received what. */
    static String told(HandOver handOver) {
        return "handed over to " + handOver.to() + ": "
                + String.join(", ", handOver.facts().stream().map(Fact::code).toList());
    }

    private Uni<HttpResponse<String>> post(Partner partner, URI url, String file) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(ANSWER)
                .header("Content-Type", MessagesResource.JOSE)
                .header(MessagesResource.PROOF, border.exchange().proof(partner, file, now()))
                .POST(BodyPublishers.ofString(file))
                .build();
        return Uni.createFrom()
                .completionStage(
                        () -> http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER)))
                // The request's own timeout ends with the headers; a body may go on for ever.
                .ifNoItem()
                .after(ANSWER.plus(ANSWER))
                .fail();
    }

    private Uni<Void> taken(Errand errand, CaseCode code, String file, HttpResponse<String> answer) {
        return switch (answer.statusCode()) {
            case 200 -> {
                // Only the receiver's own signature says that the receiver has it.
                Message message = border.exchange().read(answer.body(), now());
                if (!(message.content() instanceof Message.Answering said)
                        || !message.from().equals(errand.country())
                        || !said.handOver().equals(errand.id().value())
                        || !said.digest().equals(Exchange.digest(file))) {
                    throw Refusal.of("exchange-misdirected");
                }
                yield note(code, TakingIn.noted(said, now()));
            }
            case 409, 422 ->
                note(
                        code,
                        new NoteRefusalFromAbroad(
                                errand.id(),
                                NotTaken.of(answer.statusCode(), answer.body()).type(),
                                now()));
            default -> throw new IllegalStateException("not taken: " + answer.statusCode());
        };
    }

    private Uni<Void> note(CaseCode code, CaseCommand command) {
        return store.handle(
                        CaseStream.KIND,
                        CaseStream.of(code),
                        command,
                        ExpectedVersion.any(),
                        Metadata.system("hand-over"))
                .replaceWithVoid();
    }

    private Uni<Void> answer(Errand errand, Partner partner, URI url) {
        return takingIn.answerFile(errand.id(), now())
                .flatMap(file -> post(partner, url, file))
                .flatMap(answer -> switch (answer.statusCode()) {
                    case 200, 204 -> done(errand);
                    default -> notTaken(errand, NotTaken.of(answer.statusCode(), answer.body()));
                });
    }

    private Uni<Void> withdrawal(Errand errand, Partner partner, URI url) {
        return handOvers
                .caseOf(errand.id())
                .flatMap(code -> store.load(CaseStream.KIND, CaseStream.of(code))
                        .map(loaded -> takingIn.withdrawalFile(TakingIn.state(loaded.state(), errand.id()), now()))
                        .flatMap(file -> post(partner, url, file))
                        .flatMap(answer -> switch (answer.statusCode()) {
                            case 200 -> {
                                Message message = border.exchange().read(answer.body(), now());
                                if (!(message.content() instanceof Message.WithdrawalHeard heard)
                                        || !message.from().equals(errand.country())
                                        || !heard.handOver().equals(errand.id().value())) {
                                    throw Refusal.of("exchange-misdirected");
                                }
                                yield note(code, new NoteWithdrawalHeard(errand.id(), heard.heardAt(), now()));
                            }
                            default -> {
                                NotTaken problem = NotTaken.of(answer.statusCode(), answer.body());
                                yield unheard(errand, problem.problem(), problem.forEver());
                            }
                        }));
    }

    private Uni<Void> notTaken(Errand errand, NotTaken answer) {
        boolean over = errand.begun().plus(border.validFor()).isBefore(now());
        return answer.forEver() || over
                ? giveUp(errand, answer.problem())
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> done(Errand errand) {
        // Something newer may have to be said meanwhile: then it begins anew.
        return pool.preparedQuery("delete from exchange_out where hand_over_id = $1 and kind = $2 and begun_at = $3")
                .execute(Tuple.of(
                        errand.id().value(), errand.kind(), errand.begun().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public Uni<Void> stop() {
        return Uni.createFrom().voidItem().invoke(http::shutdownNow);
    }
}
