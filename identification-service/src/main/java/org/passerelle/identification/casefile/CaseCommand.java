package org.passerelle.identification.casefile;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.avoiding.Avoidance;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.erasing.ErasureReason;
import org.passerelle.identification.erasing.HoldId;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.handingover.Terms;
import org.passerelle.identification.handingover.Verdict;
import org.passerelle.identification.needs.Accompanying;
import org.passerelle.identification.needs.Circumstance;
import org.passerelle.identification.needs.CountryRules;
import org.passerelle.identification.needs.Leg;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.presuming.Presumption;
import org.passerelle.identification.screening.Answer;
import org.passerelle.identification.screening.Instrument;
import org.passerelle.identification.screening.ScreeningId;

/** What can be asked of a case. Time, ids and data looked up elsewhere are already in the command. */
public sealed interface CaseCommand {

    /** The moment the command was given. */
    Instant now();

    record RecordDetection(
            CaseCode code,
            OrganisationId owner,
            Found found,
            Person person,
            Answer immediateDanger,
            @Nullable String account,
            Instant now)
            implements CaseCommand {}

    record RecordConsent(Consent consent) implements CaseCommand {
        @Override
        public Instant now() {
            return consent.recordedAt();
        }
    }

    record WithdrawConsent(ConsentId consentId, Instant now) implements CaseCommand {}

    /** @param answers by question code; a question left out counts as unknown */
    record AnswerScreening(ScreeningId screeningId, Instrument instrument, Map<String, Answer> answers, Instant now)
            implements CaseCommand {}

    record PresumeVictim(Presumption presumption) implements CaseCommand {
        @Override
        public Instant now() {
            return presumption.decidedAt();
        }
    }

    /**
     * @param accompanying whose need it is, where it is not that of the person of the case
     * @param begun        where its clock runs since before it was stated here; null where it begins now
     */
    record StateNeed(
            NeedId needId,
            ServiceType service,
            Urgency urgency,
            Place place,
            @Nullable List<Language> languages,
            @Nullable List<Circumstance> circumstances,
            @Nullable Accompanying accompanying,
            @Nullable Leg leg,
            CountryRules country,
            @Nullable Begun begun,
            Instant now)
            implements CaseCommand {

        /**
         * A clock that another mechanism has started.
         *
         * @param dueAt by when it promised; null where it did not say
         */
        public record Begun(Instant statedAt, @Nullable Instant dueAt) {}

        /** With a clock that begins now. */
        public StateNeed(
                NeedId needId,
                ServiceType service,
                Urgency urgency,
                Place place,
                @Nullable List<Language> languages,
                @Nullable List<Circumstance> circumstances,
                @Nullable Accompanying accompanying,
                @Nullable Leg leg,
                CountryRules country,
                Instant now) {
            this(needId, service, urgency, place, languages, circumstances, accompanying, leg, country, null, now);
        }

        /** Of the person of the case, by itself. */
        public StateNeed(
                NeedId needId, ServiceType service, Urgency urgency, Place place, CountryRules country, Instant now) {
            this(needId, service, urgency, place, null, null, null, null, country, now);
        }

        /** Of the person of the case, by itself, since before. */
        public StateNeed(
                NeedId needId,
                ServiceType service,
                Urgency urgency,
                Place place,
                CountryRules country,
                Begun begun,
                Instant now) {
            this(needId, service, urgency, place, null, null, null, null, country, begun, now);
        }
    }

    /** @param legs each with its {@link Leg}, at least two */
    record StatePackage(List<StateNeed> legs, Instant now) implements CaseCommand {

        public StatePackage {
            legs = List.copyOf(legs);
        }
    }

    /** There is danger at these places, or with these organisations: nobody sends the person there. */
    record Avoid(Avoidance avoidance, Instant now) implements CaseCommand {}

    /** Whoever answers for the case says that these are safe by now. */
    record LiftAvoidance(Set<Place> places, Set<OrganisationId> organisations, Instant now) implements CaseCommand {}

    /**
     * Said with the needs that it matters for: on record before them, so that none of them is routed without it.
     *
     * @param stated a need or several
     */
    record StateAvoiding(Avoid avoid, CaseCommand stated) implements CaseCommand {
        @Override
        public Instant now() {
            return avoid.now();
        }
    }

    /** @param mayDecideNegatively whether who asks is authorised to decide that somebody is not a victim */
    record CloseCase(ClosingReason reason, boolean mayDecideNegatively, Instant now) implements CaseCommand {}

    /** What concerns a hand-over to another country's mechanism. */
    sealed interface OfHandOver extends CaseCommand {
        HandOverId handOverId();
    }

    /**
     * @param facts what the consent allows to tell
     * @param file  with exactly these, signed, for the receiver's eyes only
     */
    record RequestHandOver(
            HandOverId handOverId,
            Country to,
            ConsentId consentId,
            Set<Fact> facts,
            HandOverSent.Means means,
            String file,
            Instant until,
            Instant now)
            implements OfHandOver {
        public RequestHandOver {
            facts = new Terms(to, facts).facts();
        }
    }

    /** May it leave now? Asked before each attempt. */
    record SendHandOver(HandOverId handOverId, HandOverSent.Means means, Instant now) implements OfHandOver {}

    /**
     * What the receiving mechanism says; never refused for its timing.
     *
     * @param expired nobody there can accept it any more
     */
    record NoteAnswerFromAbroad(
            HandOverId handOverId,
            Verdict verdict,
            @Nullable Declining reason,
            boolean expired,
            Instant now) implements OfHandOver {

        public NoteAnswerFromAbroad(HandOverId handOverId, Verdict verdict, @Nullable Declining reason, Instant now) {
            this(handOverId, verdict, reason, false, now);
        }
    }

    /** @param problem the type of problem with which the receiver's system refused the file */
    record NoteRefusalFromAbroad(HandOverId handOverId, String problem, Instant now) implements OfHandOver {}

    /** @param heardAt when the receiving mechanism took note of the withdrawal, as it says */
    record NoteWithdrawalHeard(HandOverId handOverId, Instant heardAt, Instant now) implements OfHandOver {}

    /** Whoever keeps the case has seen that it came to nothing, and has decided what else is done. */
    record NoteHandOverEnd(HandOverId handOverId, Instant now) implements OfHandOver {}

    /** It can come to nothing any more, and not by anybody's word. Changes nothing where that is decided already. */
    record EndHandOver(HandOverId handOverId, HandOver.Stop why, Instant now) implements OfHandOver {}

    /** What concerns the erasure of the case's personal data. */
    sealed interface OfErasure extends CaseCommand {
        /** The account of who gives the command. */
        String by();
    }

    record RequestErasure(ErasureReason reason, String legalBasis, String by, Instant now) implements OfErasure {}

    /**
     * @param finalOn the day on which the last backup of the keys will be gone
     */
    record ApproveErasure(LocalDate finalOn, String by, Instant now) implements OfErasure {}

    /** Refused by somebody else, or taken back. */
    record RefuseErasure(String by, Instant now) implements OfErasure {}

    record PlaceHold(HoldId holdId, String basis, String by, Instant now) implements OfErasure {}

    record LiftHold(HoldId holdId, String by, Instant now) implements OfErasure {}

    /** What the referral service reports about the referral of a need. Facts: they are never refused for their timing. */
    sealed interface ReferralNews extends CaseCommand {
        NeedId needId();
    }

    record NoteOffer(NeedId needId, OrganisationId organisation, Instant now) implements ReferralNews {}

    record NoteAcceptance(NeedId needId, OrganisationId organisation, Instant now) implements ReferralNews {}

    /** Declined, expired or withdrawn. */
    record NoteOfferEnded(NeedId needId, OrganisationId organisation, Instant now) implements ReferralNews {}

    record NoteCompletion(NeedId needId, OrganisationId organisation, Instant now) implements ReferralNews {}

    record NoteCancellation(NeedId needId, Instant now) implements ReferralNews {}

    record NoteGap(NeedId needId, Instant now) implements ReferralNews {}
}
