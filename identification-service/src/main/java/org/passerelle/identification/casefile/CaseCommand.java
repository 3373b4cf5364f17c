package org.passerelle.identification.casefile;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.erasing.ErasureReason;
import org.passerelle.identification.erasing.HoldId;
import org.passerelle.identification.needs.NeedClocks;
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

    record StateNeed(NeedId needId, ServiceType service, Urgency urgency, Place place, NeedClocks clocks, Instant now)
            implements CaseCommand {}

    /** @param mayDecideNegatively whether who asks is authorised to decide that somebody is not a victim */
    record CloseCase(ClosingReason reason, boolean mayDecideNegatively, Instant now) implements CaseCommand {}

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
