package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;

/** A stated need is referred at once; the end of a case ends its referrals. */
@ApplicationScoped
public class WhenNeedIsStatedThenRoute implements Effect {

    private static final String TYPE = "passerelle.identification.";
    private static final String CASE_DETECTED = TYPE + "case-detected.v1";
    private static final String NEED_STATED = TYPE + "need-stated.v1";
    private static final String CASE_CLOSED = TYPE + "case-closed.v1";

    @Inject
    WhenConsentChangesThenRouteAgain consent;

    @Inject
    CaseTold told;

    @Inject
    Offering offering;

    @Inject
    OpenReferrals open;

    @Inject
    Countries countries;

    @Inject
    Packages packages;

    @Inject
    ObjectMapper json;

    @Inject
    Clock clock;

    @JsonIgnoreProperties(ignoreUnknown = true)
    record CaseDetected(UUID ownerOrganisation) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record NeedStated(
            ReferralId needId,
            OrganisationId ownerOrganisation,
            ServiceType service,
            Urgency urgency,
            PlaceCode place,
            @Nullable Integer age,
            boolean child,
            @Nullable Sex sex,
            Instant statedAt,
            Instant dueAt,
            @Nullable List<String> languages,
            @Nullable Leg leg,
            @Nullable String reportedUnder,
            @Nullable List<Circumstance> circumstances,
            @Nullable Boolean accompanying) {}

    @Override
    public String consumer() {
        return "referral-of-identification";
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> types() {
        Set<String> types = new HashSet<>(WhenConsentChangesThenRouteAgain.TYPES);
        types.addAll(Set.of(CASE_DETECTED, NEED_STATED, CASE_CLOSED));
        return types;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        if (WhenConsentChangesThenRouteAgain.TYPES.contains(event.type())) {
            return consent.apply(tx, event);
        }
        CaseCode code = new CaseCode(event.subject());
        Metadata by = told.by(event);
        return told.lock(tx, code).chain(() -> switch (event.type()) {
            case CASE_DETECTED -> detected(tx, code, told.read(json, event, CaseDetected.class));
            case NEED_STATED -> refer(tx, code, told.read(json, event, NeedStated.class), by);
            case CASE_CLOSED -> end(tx, code, by);
            default -> throw new IllegalArgumentException("not a type of this consumer");
        });
    }

    private static Uni<Void> detected(SqlConnection tx, CaseCode code, CaseDetected detected) {
        return tx.preparedQuery("insert into case_fact (case_code, owner_organisation) values ($1, $2)"
                        + " on conflict (case_code) do update set owner_organisation = excluded.owner_organisation")
                .execute(Tuple.of(code.value(), detected.ownerOrganisation()))
                .replaceWithVoid();
    }

    private Uni<Void> refer(SqlConnection tx, CaseCode code, NeedStated need, Metadata by) {
        Request request = new Request(
                need.needId(),
                code,
                need.ownerOrganisation(),
                need.service(),
                need.urgency(),
                need.place(),
                need.age(),
                need.child(),
                need.sex() == null ? Sex.NON_SPECIFIED_UNKNOWN : need.sex(),
                need.statedAt(),
                need.dueAt(),
                need.languages(),
                need.leg(),
                countries.of(need.place()),
                need.reportedUnder(),
                need.circumstances(),
                need.accompanying());
        Instant now = now();
        return packages.record(tx, request)
                .chain(() ->
                        offering.in(tx, request.about(), now, around -> new RequestReferral(request, around, now), by))
                .replaceWithVoid();
    }

    private Uni<Void> end(SqlConnection tx, CaseCode code, Metadata by) {
        return tx.preparedQuery("insert into case_fact (case_code, closed) values ($1, true)"
                        + " on conflict (case_code) do update set closed = true")
                .execute(Tuple.of(code.value()))
                .chain(() -> open.cancel(tx, code, CancellationReason.CASE_CLOSED, now(), by));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
