package org.passerelle.reporting.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.ledger.Entry;
import org.passerelle.reporting.ledger.Fact;
import org.passerelle.reporting.ledger.Facts;

/**
 * Reads a case's state at a moment from its ledger. A pure fold: the same entries give the same state whatever the
 * order in which they arrived, and a fact that is still missing from another topic leaves a gap, not an error.
 */
public final class CaseStory {
    private final Map<String, CaseState.Consent> consents = new LinkedHashMap<>();
    private final Map<String, NeedStory> needs = new LinkedHashMap<>();
    private final List<CaseState.Screening> screenings = new ArrayList<>();
    private final List<String> untold = new ArrayList<>();
    private final PlanStory plan = new PlanStory();
    private CaseState.@Nullable Detected detected;
    private CaseState.@Nullable Presumed presumed;
    private CaseState.@Nullable Closed closed;
    private CaseState.@Nullable Erased erased;

    private CaseStory() {}

    /** The state as at {@code at}, from the entries recorded until then, {@code at} included. */
    public static CaseState at(String caseCode, Collection<Entry> entries, Instant at) {
        List<Entry> told = entries.stream()
                .filter(entry -> !entry.time().isAfter(at))
                .sorted(Entry.AS_TOLD)
                .toList();
        CaseStory story = new CaseStory();
        told.forEach(entry -> story.hear(Facts.of(entry), entry.time()));
        return story.state(caseCode, at, told.size());
    }

    private void hear(Fact fact, Instant time) {
        switch (fact) {
            case Fact.CaseDetected found ->
                detected = new CaseState.Detected(found.ownerOrganisation(), found.place(), found.foundAt(), time);
            case Fact.ConsentRecorded given -> consents.put(given.consentId(), consent(given, time));
            case Fact.ConsentWithdrawn withdrawn -> consents.remove(withdrawn.consentId());
            case Fact.Screened screened ->
                screenings.add(new CaseState.Screening(
                        screened.screeningId(), screened.instrument(), screened.instrumentVersion(), time));
            case Fact.VictimPresumed decided -> presumed = new CaseState.Presumed(decided.decidedBy(), time);
            case Fact.NeedStated stated -> need(stated.needId()).stated(stated);
            case Fact.CaseClosed closing -> closed = new CaseState.Closed(closing.reason(), time);
            case Fact.PersonErased gone ->
                erased = new CaseState.Erased(gone.reason(), gone.erasedAt(), gone.finalOn());
            case Fact.ReferralRequested requested ->
                need(requested.referralId()).requested(requested);
            case Fact.ServiceOffered offered -> need(offered.referralId()).offered(offered);
            case Fact.OfferAccepted accepted -> need(accepted.referralId()).accepted(accepted);
            case Fact.OfferDeclined declined -> need(declined.referralId()).over(declined.offerId());
            case Fact.OfferExpired expired -> need(expired.referralId()).over(expired.offerId());
            case Fact.OfferWithdrawn withdrawn -> need(withdrawn.referralId()).over(withdrawn.offerId());
            case Fact.CaseWorkerTaskRaised task -> need(task.referralId()).taskRaised(task.reason());
            case Fact.ServiceGapFound gap -> need(gap.referralId()).gapFound(gap);
            case Fact.ReferralCompleted completed ->
                need(completed.referralId()).completed(completed);
            case Fact.ReferralCancelled cancelled ->
                need(cancelled.referralId()).cancelled(cancelled.reason());
            case Fact.ReferralProgressed _, Fact.GlassBroken _, Fact.GlassReviewed _ -> {
                // told in the timeline; the state is the same
            }
            case Fact.PlanOpened _ -> plan.opened(time);
            case Fact.ServiceAgreed agreed -> plan.agreed(agreed);
            case Fact.ServiceDelivered delivered -> plan.delivered(delivered);
            case Fact.FollowUpScheduled scheduled -> plan.scheduled(scheduled);
            case Fact.FollowUpDue rung -> plan.due(rung.followUpId());
            case Fact.FollowUpDone done -> plan.done(done);
            case Fact.ServiceEnded ended -> plan.ended(ended);
            case Fact.PlanClosed closing -> plan.closed(time, closing.reason());
            case Fact.Untold kept -> untold.add(kept.type());
        }
    }

    private NeedStory need(String id) {
        return needs.computeIfAbsent(id, NeedStory::new);
    }

    private static CaseState.Consent consent(Fact.ConsentRecorded given, Instant time) {
        return new CaseState.Consent(
                given.consentId(),
                List.copyOf(given.scopes()),
                given.recipients().any(),
                List.copyOf(given.recipients().organisations()),
                given.withheldFrom().authorities(),
                List.copyOf(given.withheldFrom().organisations()),
                given.validUntil(),
                time);
    }

    private CaseState state(String caseCode, Instant at, int told) {
        List<CaseState.Consent> inForce = consents.values().stream()
                .filter(consent ->
                        consent.validUntil() == null || consent.validUntil().isAfter(at))
                .toList();
        return new CaseState(
                caseCode,
                at,
                detected,
                List.copyOf(screenings),
                presumed,
                inForce,
                needs.values().stream().map(NeedStory::state).toList(),
                plan.state(),
                closed,
                erased,
                told,
                untold.stream().distinct().toList());
    }
}
