package org.passerelle.identification.searching.index;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.WhenEventsAreLost;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.Restore;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.eventsourcing.sealing.BlindIndex;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.IndexKeys;
import org.passerelle.eventsourcing.sealing.Sealed;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.searching.Tokens;

/**
 * The blind index of who was found, written in the transaction that records it. Nothing in it can be read: each row is an
 * HMAC, other ones for each organisation. Erasing a person takes their rows with the same transaction.
 */
@ApplicationScoped
public class PersonIndex implements InlineProjection, Projection, WhenEventsAreLost {

    private static final String ERASED = "passerelle.identification.person-erased.v1";

    @Inject
    Pool pool;

    @Inject
    @ReactiveDataSource("keys")
    Pool keyPool;

    @Inject
    DataKeys dataKeys;

    private volatile @Nullable IndexKeys indexKeys;

    /** What somebody is looked for by. */
    public record Wanted(
            Set<String> names,
            @Nullable String phone,
            @Nullable LocalDate birthDate) {
        public Wanted {
            names = Set.copyOf(names);
        }

        static Wanted of(Person person) {
            return new Wanted(
                    Tokens.names(person.givenName(), person.familyName()),
                    person.phone() == null ? null : person.phone().number(),
                    person.birthDate());
        }
    }

    /** A case without anything personal. */
    public record Match(String caseCode, String state, Instant detectedAt) {}

    private record Keys(BlindIndex names, BlindIndex phones, BlindIndex birthDates) {

        Buffer[] tokens(OrganisationId owner, Wanted wanted) {
            String scope = owner.value().toString();
            List<Buffer> tokens = new ArrayList<>();
            wanted.names().forEach(name -> tokens.add(Buffer.buffer(names.token(scope, name))));
            if (wanted.phone() != null) {
                tokens.add(Buffer.buffer(phones.token(scope, wanted.phone())));
            }
            if (wanted.birthDate() != null) {
                tokens.add(
                        Buffer.buffer(birthDates.token(scope, wanted.birthDate().toString())));
            }
            return tokens.toArray(Buffer[]::new);
        }
    }

    @Override
    public String name() {
        return "person_index";
    }

    @Override
    public Set<String> tables() {
        return Set.of("person_token");
    }

    @Override
    public Set<String> categories() {
        return Set.of(CaseStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(events, stored -> switch (CaseStream.TYPES.decode(stored)) {
            case CaseEvent.DetectionRecorded detected -> opened(stored).chain(open -> write(tx, open));
            case CaseEvent.PersonErased erased -> forget(tx, stored.stream().key());
            case CaseEvent.OfErasure other -> nothing();
            case CaseEvent.OfHandOver other -> nothing();
            case CaseEvent.UrgentRisksRaised other -> nothing();
            case CaseEvent.ConsentRecorded other -> nothing();
            case CaseEvent.ConsentWithdrawn other -> nothing();
            case CaseEvent.ScreeningRecorded other -> nothing();
            case CaseEvent.VictimPresumed other -> nothing();
            case CaseEvent.AvoidanceChanged other -> nothing();
            case CaseEvent.NeedStated other -> nothing();
            case CaseEvent.ProviderOffered other -> nothing();
            case CaseEvent.ProviderEngaged other -> nothing();
            case CaseEvent.ProviderReleased other -> nothing();
            case CaseEvent.NeedSettled other -> nothing();
            case CaseEvent.NeedReopened other -> nothing();
            case CaseEvent.CaseClosed other -> nothing();
        });
    }

    private static Uni<Void> nothing() {
        return Uni.createFrom().voidItem();
    }

    /** Of an erased person nothing opens, and so nothing is written when the index is made anew. */
    private Uni<CaseEvent.DetectionRecorded> opened(StoredEvent stored) {
        return dataKeys.ring(Sealed.keysIn(stored.data()))
                .map(ring -> (CaseEvent.DetectionRecorded) CaseStream.TYPES.decode(stored.with(ring)));
    }

    private Uni<Void> write(SqlConnection tx, CaseEvent.DetectionRecorded detected) {
        return keys().map(keys -> keys.tokens(detected.owner(), Wanted.of(detected.person())))
                .flatMap(tokens -> tokens.length == 0
                        ? nothing()
                        : tx.preparedQuery("insert into person_token (case_code, owner, token)"
                                        + " select $1, $2, unnest($3::bytea[]) on conflict do nothing")
                                .execute(Tuple.of(
                                        detected.code().text(), detected.owner().value(), tokens))
                                .replaceWithVoid());
    }

    private static Uni<Void> forget(SqlClient tx, String caseCode) {
        return tx.preparedQuery("delete from person_token where case_code = $1")
                .execute(Tuple.of(caseCode))
                .replaceWithVoid();
    }

    /** A restored database has rows again of whoever was erased after its backup. */
    @Override
    public Uni<Void> follow(List<Restore.Lost> lost) {
        return Multi.createFrom()
                .iterable(lost)
                .filter(event -> event.type().equals(ERASED))
                .onItem()
                .transformToUniAndConcatenate(event -> forget(pool, event.key()))
                .onItem()
                .ignoreAsUni();
    }

    /**
     * The cases of an organisation where all of this was said, the newest first.
     *
     * @param withoutWithheldFromAuthorities as in lists of cases
     */
    public Uni<List<Match>> find(
            OrganisationId owner, Wanted wanted, boolean withoutWithheldFromAuthorities, int limit) {
        return keys().map(keys -> keys.tokens(owner, wanted))
                .flatMap(tokens -> pool.preparedQuery(
                                "select c.case_code, c.state, c.detected_at from case_list c join ("
                                        + "select t.case_code from person_token t where t.owner = $1 and t.token = any ($2)"
                                        + " group by t.case_code having count(*) = $3) f on f.case_code = c.case_code"
                                        + " where c.owner = $1 and not c.erased"
                                        + " and not ($4 and c.withheld_from_authorities)"
                                        + " order by c.detected_at desc, c.case_code limit $5")
                        .execute(Tuple.tuple()
                                .addValue(owner.value())
                                .addValue(tokens)
                                .addLong((long) tokens.length)
                                .addBoolean(withoutWithheldFromAuthorities)
                                .addInteger(limit))
                        .map(rows -> {
                            List<Match> found = new ArrayList<>(rows.size());
                            rows.forEach(row -> found.add(new Match(
                                    row.getString("case_code"),
                                    row.getString("state"),
                                    row.getOffsetDateTime("detected_at").toInstant())));
                            return found;
                        }));
    }

    private Uni<Keys> keys() {
        IndexKeys all = indexKeys;
        if (all == null) {
            all = new IndexKeys(keyPool, dataKeys);
            indexKeys = all;
        }
        return Uni.combine()
                .all()
                .unis(all.of("person-name"), all.of("person-phone"), all.of("person-birth-date"))
                .with(Keys::new);
    }
}
