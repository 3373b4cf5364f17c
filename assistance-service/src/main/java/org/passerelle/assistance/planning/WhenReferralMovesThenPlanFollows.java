package org.passerelle.assistance.planning;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.passerelle.assistance.access.Told;
import org.passerelle.assistance.followingup.FollowUpRule;
import org.passerelle.assistance.plan.OfferId;
import org.passerelle.assistance.plan.OrganisationId;
import org.passerelle.assistance.plan.PlanCommand;
import org.passerelle.assistance.plan.PlanCommand.AgreeService;
import org.passerelle.assistance.plan.PlanCommand.EndReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteOpenReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteServiceGap;
import org.passerelle.assistance.plan.PlanCommand.WithdrawService;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.assistance.plan.ReferralId;
import org.passerelle.assistance.plan.ServiceEndReason;
import org.passerelle.assistance.plan.ServiceType;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.Metadata;

/** An accepted offer opens or extends the plan; the end of its referral ends the service; and which are still open. */
@ApplicationScoped
public class WhenReferralMovesThenPlanFollows implements Effect {

    record AnyReferral(ReferralId referralId) {}

    record OfferAccepted(
            ReferralId referralId,
            OfferId offerId,
            OrganisationId organisation,
            ServiceType service,
            OrganisationId requestedBy) {}

    record OfferWithdrawn(ReferralId referralId, OfferId offerId) {}

    private interface Meaning {
        PlanCommand of(IncomingEvent event);
    }

    private final EventStore store;
    private final FollowUpRule followUps;
    /** That an offer was declined or expired, or that somebody must decide, changes nothing for the plan. */
    private final Map<String, Meaning> meanings = Map.of(
            "passerelle.referral.referral-requested.v1", this::open,
            "passerelle.referral.service-offered.v1", this::open,
            "passerelle.referral.offer-accepted.v1", this::agreed,
            "passerelle.referral.offer-withdrawn.v1", this::withdrawn,
            "passerelle.referral.service-gap-found.v1", this::gap,
            "passerelle.referral.referral-completed.v1", event -> ended(event, ServiceEndReason.COMPLETED),
            "passerelle.referral.referral-cancelled.v1", event -> ended(event, ServiceEndReason.CANCELLED));

    @Inject
    public WhenReferralMovesThenPlanFollows(EventStore store, FollowUpRule followUps) {
        this.store = store;
        this.followUps = followUps;
    }

    @Override
    public String consumer() {
        return "plans-of-referrals";
    }

    @Override
    public String topic() {
        return "passerelle.referral";
    }

    @Override
    public Set<String> types() {
        return meanings.keySet();
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        Meaning meaning = meanings.get(event.type());
        if (meaning == null) {
            return Uni.createFrom().voidItem();
        }
        return store.handleIn(
                        tx,
                        Plans.KIND,
                        Plans.of(event.subject()),
                        meaning.of(event),
                        Metadata.because("planning", event))
                .replaceWithVoid();
    }

    private PlanCommand open(IncomingEvent event) {
        return new NoteOpenReferral(Told.as(AnyReferral.class, event).referralId());
    }

    private PlanCommand gap(IncomingEvent event) {
        return new NoteServiceGap(Told.as(AnyReferral.class, event).referralId());
    }

    private PlanCommand ended(IncomingEvent event, ServiceEndReason reason) {
        return new EndReferral(Told.as(AnyReferral.class, event).referralId(), reason);
    }

    private PlanCommand withdrawn(IncomingEvent event) {
        OfferWithdrawn withdrawn = Told.as(OfferWithdrawn.class, event);
        return new WithdrawService(withdrawn.referralId(), withdrawn.offerId());
    }

    private PlanCommand agreed(IncomingEvent event) {
        OfferAccepted accepted = Told.as(OfferAccepted.class, event);
        return new AgreeService(
                accepted.referralId(),
                accepted.offerId(),
                accepted.service(),
                accepted.organisation(),
                accepted.requestedBy(),
                event.time(),
                followUps.after(event.time()));
    }
}
