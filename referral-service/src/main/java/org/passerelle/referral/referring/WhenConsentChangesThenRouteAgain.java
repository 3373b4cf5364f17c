package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Parking;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.routing.ConsentTerms;

/**
 * A consent given or withdrawn sends the case's unanswered needs through routing again, and stops the services that it
 * does not cover any more. A consumer of its own: nothing
 * else of a case holds a withdrawal back, and while one cannot be processed nothing is agreed to in that case. The
 * consumer of needs takes the same facts in its turn, so that no need is routed without the consent said before it;
 * whichever of the two comes second changes nothing. With the consents comes what the case avoids: it decides as they do
 * to whom the case may be told, and while it cannot be opened the case is told to nobody. What is heard of a case of which
 * something else waits is kept and routes nothing: only once all of it was heard is it known who may be asked.
 */
@ApplicationScoped
public class WhenConsentChangesThenRouteAgain implements Effect {

    private static final String TYPE = "passerelle.identification.";
    private static final String CONSENT_RECORDED = TYPE + "consent-recorded.v1";
    private static final String CONSENT_WITHDRAWN = TYPE + "consent-withdrawn.v1";

    private static final String AVOIDANCE_CHANGED = TYPE + "avoidance-changed.v1";

    static final Set<String> TYPES = Set.of(CONSENT_RECORDED, CONSENT_WITHDRAWN, AVOIDANCE_CHANGED);

    @Inject
    CaseTold told;

    @Inject
    CaseConsents consents;

    @Inject
    CaseAvoidances avoidances;

    @Inject
    SealedAvoidance sealing;

    @Inject
    OpenReferrals open;

    @Inject
    ObjectMapper json;

    @Inject
    Clock clock;

    @JsonIgnoreProperties(ignoreUnknown = true)
    record ConsentRecorded(
            UUID consentId,
            Set<String> scopes,
            Recipients recipients,
            Withheld withheldFrom,
            @Nullable Instant validUntil) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Recipients(boolean any, @Nullable Set<OrganisationId> organisations) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Withheld(boolean authorities, @Nullable Set<OrganisationId> organisations) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record ConsentWithdrawn(UUID consentId) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record AvoidanceChanged(int revision, @Nullable String sealed) {}

    @Override
    public String consumer() {
        return "consent-of-identification";
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> types() {
        return TYPES;
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        CaseCode code = new CaseCode(event.subject());
        Metadata by = told.by(event);
        return told.lock(tx, code)
                .flatMap(locked -> switch (event.type()) {
                    case CONSENT_RECORDED -> consented(tx, code, told.read(json, event, ConsentRecorded.class), by);
                    case CONSENT_WITHDRAWN ->
                        consents.withdraw(
                                tx,
                                code,
                                told.read(json, event, ConsentWithdrawn.class).consentId(),
                                by);
                    case AVOIDANCE_CHANGED ->
                        avoided(tx, code, told.read(json, event, AvoidanceChanged.class), event.time(), by);
                    default -> throw new IllegalArgumentException("not a type of this consumer");
                })
                .chain(changed -> !changed
                        ? Uni.createFrom().voidItem()
                        : Parking.denied(tx, Set.of(consumer()), code.value())
                                .chain(waits -> waits
                                        ? Uni.createFrom().voidItem()
                                        : open.routeAgain(
                                                tx,
                                                code,
                                                event.type().equals(AVOIDANCE_CHANGED)
                                                        ? RoutingTrigger.CIRCUMSTANCES_CHANGED
                                                        : RoutingTrigger.CONSENT_CHANGED,
                                                now(),
                                                by)));
    }

    /** Whoever was asked meanwhile keeps the offer that the person still agrees to; needs that found nobody are routed. */
    @Override
    public Uni<Void> resumed(SqlConnection tx, IncomingEvent last) {
        CaseCode code = new CaseCode(last.subject());
        return told.lock(tx, code)
                .chain(() -> open.routeAgain(tx, code, RoutingTrigger.CONSENT_CHANGED, now(), told.by(last)));
    }

    private Uni<Boolean> avoided(SqlConnection tx, CaseCode code, AvoidanceChanged changed, Instant at, Metadata by) {
        return avoidances.record(tx, code, sealing.open(code, changed.revision(), changed.sealed(), at), by);
    }

    private Uni<Boolean> consented(SqlConnection tx, CaseCode code, ConsentRecorded consent, Metadata by) {
        ConsentTerms.Given given = new ConsentTerms.Given(
                consent.scopes(),
                consent.recipients().any(),
                orNone(consent.recipients().organisations()),
                consent.withheldFrom().authorities(),
                orNone(consent.withheldFrom().organisations()),
                consent.validUntil(),
                null);
        return consents.record(tx, code, consent.consentId(), given, by);
    }

    private static Set<OrganisationId> orNone(@Nullable Set<OrganisationId> organisations) {
        return organisations == null ? Set.of() : organisations;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
