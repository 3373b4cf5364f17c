package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Consuming;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.directory.Candidates;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.RoutingPolicy;

/** What the person of each case agreed to, as identification-service told it. */
@ApplicationScoped
public class CaseConsents {

    /** The category of the streams, one per case and without events, that hold the clocks of its consents. */
    static final String CLOCKS = "consent";

    @Inject
    EventStore store;

    @Inject
    Consuming consuming;

    @Inject
    Candidates candidates;

    /**
     * What is in force at a moment, and what is withheld for good; while something that the person said could not be
     * processed nothing is in force, and perhaps it withholds.
     */
    public Uni<ConsentTerms> of(SqlClient client, CaseCode code, Instant at) {
        return consuming
                .denied(client, code.value())
                .flatMap(denied -> denied ? Uni.createFrom().item(ConsentTerms.UNHEARD) : given(client, code, at));
    }

    private static Uni<ConsentTerms> given(SqlClient client, CaseCode code, Instant at) {
        return client.preparedQuery("select c.*, case when c.withdrawn then (select count(*) from case_consent l"
                        + " where l.case_code = c.case_code and l.ordinal <= coalesce(c.withdrawn_after, l.ordinal))::int"
                        + " end as before from case_consent c where c.case_code = $1 order by c.ordinal")
                .execute(Tuple.of(code.value()))
                .map(rows -> {
                    List<ConsentTerms.Given> given = new ArrayList<>();
                    rows.forEach(row -> given.add(given(row)));
                    return ConsentTerms.at(at, given);
                });
    }

    private static ConsentTerms.Given given(Row row) {
        OffsetDateTime until = row.getOffsetDateTime("valid_until");
        return new ConsentTerms.Given(
                Arrays.stream(row.getArrayOfStrings("scopes")).collect(Collectors.toSet()),
                row.getBoolean("any_recipient"),
                organisations(row, "recipients"),
                row.getBoolean("withheld_from_authorities"),
                organisations(row, "withheld_from"),
                until == null ? null : until.toInstant(),
                row.getInteger("before"));
    }

    private static Set<OrganisationId> organisations(Row row, String column) {
        return Arrays.stream(row.getArrayOfUUIDs(column))
                .map(OrganisationId::new)
                .collect(Collectors.toSet());
    }

    /**
     * After the offer was written. Nothing is locked: a consent that is being taken in at this moment waits for the
     * referral's stream, and takes the offer back.
     *
     * @return failing with {@link Overtaken} where the person by now withholds the case from whom it is offered to
     */
    Uni<Void> check(SqlConnection tx, ServiceOffered offered) {
        return tx.preparedQuery("select is_withheld($1, $2) as named, is_withheld_from_authorities($1) as authorities")
                .execute(Tuple.of(
                        offered.about().caseCode().value(),
                        offered.organisation().value()))
                .map(rows -> rows.iterator().next())
                .flatMap(withheld -> withheld.getBoolean("named") || !withheld.getBoolean("authorities")
                        ? Uni.createFrom().item(withheld.getBoolean("named"))
                        : mayBeAnAuthority(tx, offered))
                .invoke(withheld -> {
                    if (withheld) {
                        throw new Overtaken();
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Boolean> mayBeAnAuthority(SqlConnection tx, ServiceOffered offered) {
        return candidates
                .of(tx, offered.organisation().value())
                .map(theirs -> RoutingPolicy.mayBeAnAuthority(theirs.stream()
                        .filter(candidate -> candidate.service().equals(offered.service()))
                        .toList()));
    }

    /** Keeps a consent, and sets its clock where it has an end; false where it was kept before. */
    Uni<Boolean> record(SqlConnection tx, CaseCode code, UUID consent, ConsentTerms.Given given, Metadata by) {
        return tx.preparedQuery("insert into case_consent (consent_id, case_code, scopes, any_recipient, recipients,"
                        + " withheld_from_authorities, withheld_from, valid_until)"
                        + " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (consent_id) do nothing")
                .execute(Tuple.tuple()
                        .addUUID(consent)
                        .addString(code.value())
                        .addArrayOfString(given.scopes().toArray(String[]::new))
                        .addBoolean(given.any())
                        .addArrayOfUUID(uuids(given.recipients()))
                        .addBoolean(given.withheldFromAuthorities())
                        .addArrayOfUUID(uuids(given.withheldFrom()))
                        .addOffsetDateTime(utc(given.validUntil())))
                .map(rows -> rows.rowCount() == 1)
                .call(isNew -> !isNew || given.validUntil() == null
                        ? Uni.createFrom().voidItem()
                        : clock(tx, code, DeadlineChange.set(validUntil(consent), given.validUntil()), by));
    }

    private static String validUntil(UUID consent) {
        return "valid-until:" + consent;
    }

    private Uni<Void> clock(SqlConnection tx, CaseCode code, DeadlineChange change, Metadata by) {
        StreamAppend clock =
                new StreamAppend(new StreamId(CLOCKS, code.value()), ExpectedVersion.any(), List.of(), List.of(change));
        return store.appendIn(tx, new Append(List.of(clock), by, null)).replaceWithVoid();
    }

    private static UUID[] uuids(Set<OrganisationId> ids) {
        return ids.stream().map(OrganisationId::value).toArray(UUID[]::new);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    /** Takes a consent and its clock back; false where that was done before. */
    Uni<Boolean> withdraw(SqlConnection tx, CaseCode code, UUID consent, Metadata by) {
        return tx.preparedQuery("update case_consent set withdrawn = true, withdrawn_after ="
                        + " (select max(l.ordinal) from case_consent l where l.case_code = $2)"
                        + " where consent_id = $1 and not withdrawn")
                .execute(Tuple.of(consent, code.value()))
                .map(rows -> rows.rowCount() == 1)
                .call(isNew -> isNew
                        ? clock(tx, code, DeadlineChange.cancel(validUntil(consent)), by)
                        : Uni.createFrom().voidItem());
    }
}
