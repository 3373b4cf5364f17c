package org.passerelle.identification.publishing;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Publishing;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.arriving.ArrivalStream;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.Scope;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.emergency.Finding;
import org.passerelle.identification.emergency.GlassEvent;
import org.passerelle.identification.emergency.GlassStream;
import org.passerelle.identification.erasing.ErasureReason;
import org.passerelle.identification.needs.Circumstance;
import org.passerelle.identification.needs.Leg;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.presuming.Presumption.DecidedBy;

/** The public form of a case's events, as {@code foundation/contracts} describes it. */
@ApplicationScoped
public class CasePublishing implements Publishing {

    record CaseDetected(OrganisationId ownerOrganisation, Place place, Instant foundAt) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ConsentGiven(
            UUID consentId,
            Set<Scope> scopes,
            Consent.Recipients recipients,
            Consent.WithheldFrom withheldFrom,
            @Nullable Instant validUntil) {}

    record ConsentEnded(UUID consentId) {}

    /** Never the answers, never the outcome. */
    record Screened(UUID screeningId, String instrument, int instrumentVersion) {}

    record Presumed(DecidedBy decidedBy) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record NeedToRoute(
            UUID needId,
            OrganisationId ownerOrganisation,
            ServiceType service,
            Urgency urgency,
            Place place,
            @Nullable Integer age,
            boolean child,
            Sex sex,
            Instant statedAt,
            Instant dueAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<Language> languages,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<Circumstance> circumstances,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Leg leg,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String pack,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String reportedUnder,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean accompanying) {}

    /** That something changed, and for referral-service alone what. */
    record Avoids(int revision, @Nullable String sealed) {}

    record Closed(ClosingReason reason) {}

    record Erased(ErasureReason reason, Instant erasedAt, LocalDate finalOn) {}

    /** Who broke it is told as the hash of their account; why is told to nobody. */
    record Broken(
            UUID glassId,
            OrganisationId ownerOrganisation,
            OrganisationId organisation,
            String member,
            boolean authority,
            Instant brokenAt,
            Instant until,
            Instant reviewBy) {}

    record Reviewed(UUID glassId, Finding finding) {}

    private final SealedForReferral referral;

    @Inject
    public CasePublishing(SealedForReferral referral) {
        this.referral = referral;
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> categories() {
        return Set.of(CaseStream.CATEGORY, GlassStream.CATEGORY, ArrivalStream.CATEGORY);
    }

    @Override
    public Optional<PublicEvent> translate(StoredEvent stored) {
        return switch (stored.stream().category()) {
            case GlassStream.CATEGORY -> glass(stored);
            case ArrivalStream.CATEGORY -> HandOverPublishing.arrival(ArrivalStream.TYPES.decode(stored));
            default -> ofACase(stored);
        };
    }

    private static Optional<PublicEvent> glass(StoredEvent stored) {
        return switch (GlassStream.TYPES.decode(stored)) {
            case GlassEvent.GlassBroken broken ->
                event(
                        "glass-broken",
                        broken.caseCode().text(),
                        new Broken(
                                broken.glassId().value(),
                                broken.owner(),
                                broken.organisation(),
                                stored.stream().key(),
                                broken.authority(),
                                broken.at(),
                                broken.until(),
                                broken.reviewBy()));
            case GlassEvent.GlassReviewed review ->
                event(
                        "glass-reviewed",
                        review.caseCode().text(),
                        new Reviewed(review.glassId().value(), review.finding()));
        };
    }

    private Optional<PublicEvent> ofACase(StoredEvent stored) {
        String code = stored.stream().key();
        return switch (CaseStream.TYPES.decode(stored)) {
            case CaseEvent.DetectionRecorded detected ->
                event(
                        "case-detected",
                        code,
                        new CaseDetected(
                                detected.owner(),
                                detected.found().place(),
                                detected.found().at()));
            case CaseEvent.ConsentRecorded recorded -> event("consent-recorded", code, consent(recorded.consent()));
            case CaseEvent.ConsentWithdrawn withdrawn ->
                event(
                        "consent-withdrawn",
                        code,
                        new ConsentEnded(withdrawn.consentId().value()));
            case CaseEvent.ScreeningRecorded screened ->
                event(
                        "screened",
                        code,
                        new Screened(
                                screened.screeningId().value(), screened.instrument(), screened.instrumentVersion()));
            case CaseEvent.VictimPresumed presumed ->
                event(
                        "victim-presumed",
                        code,
                        new Presumed(presumed.presumption().decidedBy()));
            case CaseEvent.AvoidanceChanged changed ->
                event("avoidance-changed", code, new Avoids(changed.revision(), referral.sealed(code, changed)));
            case CaseEvent.NeedStated stated -> event("need-stated", code, need(stated));
            case CaseEvent.CaseClosed closed -> event("case-closed", code, new Closed(closed.reason()));
            case CaseEvent.PersonErased erased ->
                event(
                        "person-erased",
                        code,
                        new Erased(
                                erased.erasure().request().reason(),
                                erased.erasure().at(),
                                erased.erasure().finalOn()));
            case CaseEvent.OfHandOver handOver -> HandOverPublishing.ofACase(code, handOver);
            // Until it is done nobody else has to act on it.
            case CaseEvent.OfErasure asked -> Optional.empty();
            // Who is at risk concerns the owner alone; the rest came from the referral service in the first place.
            case CaseEvent.UrgentRisksRaised raised -> Optional.empty();
            case CaseEvent.ProviderOffered offered -> Optional.empty();
            case CaseEvent.ProviderEngaged engaged -> Optional.empty();
            case CaseEvent.ProviderReleased released -> Optional.empty();
            case CaseEvent.NeedSettled settled -> Optional.empty();
            case CaseEvent.NeedReopened reopened -> Optional.empty();
        };
    }

    private static ConsentGiven consent(Consent consent) {
        return new ConsentGiven(
                consent.id().value(),
                consent.scopes(),
                consent.recipients(),
                consent.withheldFrom(),
                consent.validUntil());
    }

    private static NeedToRoute need(CaseEvent.NeedStated stated) {
        return new NeedToRoute(
                stated.need().id().value(),
                stated.owner(),
                stated.need().service(),
                stated.need().urgency(),
                stated.need().place(),
                stated.age(),
                stated.child(),
                stated.sex(),
                stated.need().statedAt(),
                stated.need().dueAt(),
                stated.languages(),
                stated.circumstances(),
                stated.leg(),
                stated.need().pack(),
                // the text itself stays here: no free text leaves, and the pack has it
                stated.need().reportedUnder() == null ? null : stated.need().pack(),
                stated.need().accompanying());
    }

    private static Optional<PublicEvent> event(String name, String code, Object data) {
        return Optional.of(new PublicEvent("passerelle.identification." + name + ".v1", code, code, data));
    }
}
