package org.passerelle.identification.caselist;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseEvent.AvoidanceChanged;
import org.passerelle.identification.casefile.CaseEvent.CaseClosed;
import org.passerelle.identification.casefile.CaseEvent.ConsentRecorded;
import org.passerelle.identification.casefile.CaseEvent.ConsentWithdrawn;
import org.passerelle.identification.casefile.CaseEvent.DetectionRecorded;
import org.passerelle.identification.casefile.CaseEvent.NeedReopened;
import org.passerelle.identification.casefile.CaseEvent.NeedSettled;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.casefile.CaseEvent.ProviderEngaged;
import org.passerelle.identification.casefile.CaseEvent.ProviderOffered;
import org.passerelle.identification.casefile.CaseEvent.ProviderReleased;
import org.passerelle.identification.casefile.CaseEvent.ScreeningRecorded;
import org.passerelle.identification.casefile.CaseEvent.UrgentRisksRaised;
import org.passerelle.identification.casefile.CaseEvent.VictimPresumed;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;

/** Keeps the list of cases and the relations of providers, in the transaction of the append. */
@ApplicationScoped
public class CaseListProjection implements InlineProjection, Projection {

    @Override
    public String name() {
        return "case_list";
    }

    @Override
    public Set<String> tables() {
        return Set.of("case_list", "case_need", "case_withholding", "case_provider");
    }

    @Override
    public Set<String> categories() {
        return Set.of(CaseStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(
                events, stored -> apply(new Row(tx, stored.stream().key(), stored.version()), stored));
    }

    private static Uni<Void> apply(Row row, StoredEvent stored) {
        CaseEvent event = CaseStream.TYPES.decode(stored);
        Uni<Void> done = switch (event) {
            case DetectionRecorded detected -> detected(row, detected);
            case UrgentRisksRaised raised -> row.run("update case_list set urgent = true where case_code = $1");
            case ConsentRecorded consent ->
                row.run(
                                "insert into case_withholding (case_code, consent_id, version, authorities, organisations,"
                                        + " only_hands_over) values ($1, $2, $3, $4, $5, $6)",
                                consent.consent().id().value(),
                                row.version(),
                                consent.consent().withheldFrom().authorities(),
                                consent.consent().withheldFrom().organisations().stream()
                                        .map(OrganisationId::toString)
                                        .toArray(String[]::new),
                                consent.consent().onlyHandsOver())
                        .chain(() -> withholding(row));
            case ConsentWithdrawn withdrawn ->
                row.run(
                                "update case_withholding set withdrawn = true, withdrawn_version = $3"
                                        + " where case_code = $1 and consent_id = $2",
                                withdrawn.consentId().value(),
                                row.version())
                        .chain(() -> withholding(row));
            case ScreeningRecorded screened -> Uni.createFrom().voidItem();
            case VictimPresumed presumed -> row.run("update case_list set presumed = true where case_code = $1");
            case AvoidanceChanged none -> Uni.createFrom().voidItem();
            case NeedStated stated ->
                row.run(
                                "insert into case_need (case_code, need_id, due_at, open)"
                                        + " values ($1, $2, $3, true)",
                                stated.need().id().value(),
                                at(stated.need().dueAt()))
                        .chain(() -> needs(row));
            case NeedSettled settled -> need(row, settled.needId(), Need.unmet(settled.settlement()));
            case NeedReopened reopened -> need(row, reopened.needId(), true);
            case ProviderOffered offered ->
                standing(row, offered.needId(), offered.organisation().value(), "offered");
            case ProviderEngaged engaged ->
                standing(row, engaged.needId(), engaged.organisation().value(), "providing");
            case ProviderReleased released -> released(row, released);
            case CaseEvent.OfHandOver handOver -> Uni.createFrom().voidItem();
            case CaseEvent.OfErasure erasure -> erasure(row, erasure);
            case CaseClosed closed ->
                row.run(
                        "update case_list set state = 'closed', closed_at = $2 where case_code = $1",
                        at(closed.closedAt()));
        };
        return done.chain(() -> row.run("update case_list set version = $2 where case_code = $1", row.version()));
    }

    private static Uni<Void> erasure(Row row, CaseEvent.OfErasure event) {
        return switch (event) {
            case CaseEvent.HoldPlaced placed -> row.run("update case_list set holds = holds + 1 where case_code = $1");
            case CaseEvent.HoldLifted lifted -> row.run("update case_list set holds = holds - 1 where case_code = $1");
            case CaseEvent.PersonErased erased -> row.run("update case_list set erased = true where case_code = $1");
            case CaseEvent.ErasureRequested requested -> Uni.createFrom().voidItem();
            case CaseEvent.ErasureRefused refused -> Uni.createFrom().voidItem();
        };
    }

    private static Uni<Void> detected(Row row, DetectionRecorded detected) {
        return row.run(
                "insert into case_list (case_code, owner, state, place, found_at, detected_at, version)"
                        + " values ($1, $2, 'open', $3, $4, $5, $6)",
                detected.owner().value(),
                detected.found().place().code(),
                at(detected.found().at()),
                at(detected.recordedAt()),
                row.version());
    }

    private static Uni<Void> need(Row row, NeedId need, boolean open) {
        return row.run("update case_need set open = $3 where case_code = $1 and need_id = $2", need.value(), open)
                .chain(() -> needs(row));
    }

    private static Uni<Void> needs(Row row) {
        return row.run("update case_list set"
                + " open_needs = (select count(*) from case_need n where n.case_code = $1 and n.open),"
                + " next_due_at = (select min(n.due_at) from case_need n where n.case_code = $1 and n.open)"
                + " where case_code = $1");
    }

    /** The same as {@link org.passerelle.identification.consenting.Consents#withheld()}, for lists. */
    private static Uni<Void> withholding(Row row) {
        String standing = " from case_withholding w where w.case_code = $1 and (not w.withdrawn or"
                + " not exists (select from case_withholding l where l.case_code = $1 and l.version > w.withdrawn_version"
                + " and not l.only_hands_over))";
        return row.run("update case_list set withheld_from_authorities = exists (select 1" + standing
                + " and w.authorities), withheld_from_organisations = array(select distinct o"
                + standing.replace(" where ", " cross join unnest(w.organisations) o where ") + " order by o)"
                + " where case_code = $1");
    }

    private static Uni<Void> standing(Row row, NeedId need, UUID organisation, String standing) {
        return row.run(
                "insert into case_provider (case_code, need_id, organisation, standing) values ($1, $2, $3, $4)"
                        + " on conflict (case_code, need_id, organisation) do update set standing = excluded.standing",
                need.value(),
                organisation,
                standing);
    }

    private static Uni<Void> released(Row row, ProviderReleased released) {
        UUID need = released.needId().value();
        UUID organisation = released.organisation().value();
        return row.run(
                        "delete from case_provider where case_code = $1 and need_id = $2 and organisation = $3"
                                + " and standing = 'offered'",
                        need,
                        organisation)
                .chain(() -> row.run(
                        "update case_provider set standing = 'has-provided'"
                                + " where case_code = $1 and need_id = $2 and organisation = $3",
                        need,
                        organisation));
    }

    private static OffsetDateTime at(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }

    /** The rows of one case in one transaction, at one version. */
    private record Row(SqlConnection tx, String caseCode, long version) {

        /** @param more the parameters from $2 on; $1 is the case */
        Uni<Void> run(String sql, Object... more) {
            Tuple tuple = Tuple.tuple().addString(caseCode);
            for (Object value : more) {
                tuple.addValue(value);
            }
            return tx.preparedQuery(sql).execute(tuple).replaceWithVoid();
        }
    }
}
