package org.passerelle.identification.casefile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.NoteAcceptance;
import org.passerelle.identification.casefile.CaseCommand.NoteCancellation;
import org.passerelle.identification.casefile.CaseCommand.NoteCompletion;
import org.passerelle.identification.casefile.CaseCommand.NoteGap;
import org.passerelle.identification.casefile.CaseCommand.NoteOffer;
import org.passerelle.identification.casefile.CaseCommand.NoteOfferEnded;
import org.passerelle.identification.casefile.CaseCommand.ReferralNews;
import org.passerelle.identification.casefile.CaseEvent.NeedReopened;
import org.passerelle.identification.casefile.CaseEvent.NeedSettled;
import org.passerelle.identification.casefile.CaseEvent.ProviderEngaged;
import org.passerelle.identification.casefile.CaseEvent.ProviderOffered;
import org.passerelle.identification.casefile.CaseEvent.ProviderReleased;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.Need.Settlement;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.providing.Provision;
import org.passerelle.identification.providing.Provision.Standing;

/** How a case follows what the referral service reports about its needs. */
final class Following {

    private Following() {}

    /** @throws Refusal {@code need-unknown} where the referral is not about a need of this case */
    static List<CaseEvent> decide(ReferralNews news, Facts facts) {
        Need need = facts.need(news.needId())
                .orElseThrow(() -> Refusal.of("need-unknown").unknown());
        return switch (news) {
            case NoteOffer offer -> offered(offer, need, standing(facts, need, offer.organisation()));
            case NoteAcceptance acceptance ->
                engaged(acceptance, need, standing(facts, need, acceptance.organisation()));
            case NoteOfferEnded ended -> {
                Standing standing = standing(facts, need, ended.organisation());
                yield standing == null || standing == Standing.HAS_PROVIDED
                        ? List.of()
                        : List.of(new ProviderReleased(need.id(), ended.organisation(), ended.now()));
            }
            case NoteCompletion completion -> ended(facts, need, Settlement.COMPLETED, completion.now());
            case NoteCancellation cancellation -> ended(facts, need, Settlement.CANCELLED, cancellation.now());
            case NoteGap gap -> ended(facts, need, Settlement.GAP, gap.now());
        };
    }

    private static List<CaseEvent> offered(NoteOffer offer, Need need, @Nullable Standing standing) {
        if (standing == Standing.OFFERED || standing == Standing.PROVIDING) {
            return List.of();
        }
        List<CaseEvent> events = reopened(need, offer.now());
        events.add(new ProviderOffered(need.id(), offer.organisation(), offer.now()));
        return events;
    }

    private static List<CaseEvent> engaged(NoteAcceptance acceptance, Need need, @Nullable Standing standing) {
        if (standing == Standing.PROVIDING) {
            return List.of();
        }
        List<CaseEvent> events = reopened(need, acceptance.now());
        events.add(new ProviderEngaged(need.id(), acceptance.organisation(), acceptance.now()));
        return events;
    }

    /** A gap can be filled and a called-off referral taken up again by somebody: then the need is open as before. */
    private static List<CaseEvent> reopened(Need need, Instant at) {
        List<CaseEvent> events = new ArrayList<>();
        if (need.settled() != null) {
            events.add(new NeedReopened(need.id(), at));
        }
        return events;
    }

    private static List<CaseEvent> ended(Facts facts, Need need, Settlement settlement, Instant at) {
        List<CaseEvent> events = new ArrayList<>();
        for (Provision provision : facts.provisions().current(need.id())) {
            events.add(new ProviderReleased(need.id(), provision.organisation(), at));
        }
        if (need.settled() != settlement) {
            events.add(new NeedSettled(need.id(), settlement, at));
        }
        return events;
    }

    private static @Nullable Standing standing(Facts facts, Need need, OrganisationId organisation) {
        return facts.provisions().standing(need.id(), organisation).orElse(null);
    }

    static Facts stand(Facts facts, NeedId need, OrganisationId organisation, Standing standing) {
        return facts.with(facts.provisions().with(need, organisation, standing));
    }

    /** Who was providing has provided; who was only offered something never had a relation worth keeping. */
    static Facts release(Facts facts, ProviderReleased released) {
        Standing before = facts.provisions()
                .standing(released.needId(), released.organisation())
                .orElse(null);
        return facts.with(
                before == Standing.OFFERED || before == null
                        ? facts.provisions().without(released.needId(), released.organisation())
                        : facts.provisions().with(released.needId(), released.organisation(), Standing.HAS_PROVIDED));
    }
}
