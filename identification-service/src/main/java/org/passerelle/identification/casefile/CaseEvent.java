package org.passerelle.identification.casefile;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.identification.avoiding.Avoidance.AvoidedOrganisation;
import org.passerelle.identification.avoiding.Avoidance.AvoidedPlace;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.erasing.Erasure;
import org.passerelle.identification.erasing.HoldId;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.handingover.Terms;
import org.passerelle.identification.handingover.Verdict;
import org.passerelle.identification.needs.Circumstance;
import org.passerelle.identification.needs.Leg;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.presuming.Presumption;
import org.passerelle.identification.screening.Answer;
import org.passerelle.identification.screening.Assessment;
import org.passerelle.identification.screening.ScreeningId;
import org.passerelle.identification.screening.UrgentRisk;

/** What happened to a case. Stored for ever, under the names in {@link CaseStream}. */
public sealed interface CaseEvent {

    /** @param account what the person or the finder told, free text */
    record DetectionRecorded(
            CaseCode code,
            OrganisationId owner,
            Found found,
            Person person,

            @Personal(value = "screening", erased = "\"unknown\"")
            Answer immediateDanger,

            @Personal("story") @Nullable String account,
            Instant recordedAt)
            implements CaseEvent {}

    /** Somebody must act at once: raised as soon as an answer says so, whatever else was answered. */
    record UrgentRisksRaised(
            @Personal(value = "screening", erased = "[]") List<UrgentRisk> risks, RaisedBy by, Instant raisedAt)
            implements CaseEvent {
        public UrgentRisksRaised {
            risks = List.copyOf(risks);
        }

        /** What raised them. */
        public enum RaisedBy {
            @JsonProperty("detection")
            DETECTION,
            @JsonProperty("screening")
            SCREENING
        }
    }

    record ConsentRecorded(Consent consent) implements CaseEvent {}

    record ConsentWithdrawn(ConsentId consentId, Instant withdrawnAt) implements CaseEvent {}

    /** Keeps the raw answers and the computed assessment, each question of the instrument having its answer. */
    record ScreeningRecorded(
            ScreeningId screeningId,
            String instrument,
            int instrumentVersion,
            @Personal(value = "screening", erased = "{}") Map<String, Answer> answers,

            @Personal(value = "screening", erased = Assessment.ERASED)
            Assessment assessment,

            Instant screenedAt)
            implements CaseEvent {}

    record VictimPresumed(Presumption presumption) implements CaseEvent {}

    /**
     * Where and to whom the person is not to be sent, all of it as it is from now on.
     *
     * @param revision 1, 2, 3 …: whoever hears of it twice, or of an older one later, knows which counts
     */
    record AvoidanceChanged(
            int revision,

            @Personal(value = "attributes", erased = "[]") List<AvoidedPlace> places,

            @Personal(value = "attributes", erased = "[]") List<AvoidedOrganisation> organisations,

            Instant changedAt)
            implements CaseEvent {

        public AvoidanceChanged {
            places = List.copyOf(places);
            organisations = List.copyOf(organisations);
        }

        @Override
        public String toString() {
            return "AvoidanceChanged[" + revision + "]";
        }
    }

    /**
     * Carries what routing must know about the person, so that nobody has to ask who it is.
     *
     * @param languages that the service should speak, as whoever stated the need chose to say; the best spoken first
     * @param circumstances that a service must be able to deal with, as whoever stated the need chose to say
     * @param leg null where the need stands alone
     */
    record NeedStated(
            Need need,
            OrganisationId owner,
            @Personal("attributes") @Nullable Integer age,

            @Personal(value = "attributes", erased = "true") boolean child,

            @Personal(value = "attributes", erased = "\"NonSpecifiedUnknown\"")
            Sex sex,

            @Personal("attributes") @Nullable List<Language> languages,
            @Personal("attributes") @Nullable List<Circumstance> circumstances,
            @Nullable Leg leg)
            implements CaseEvent {}

    record ProviderOffered(NeedId needId, OrganisationId organisation, Instant at) implements CaseEvent {}

    record ProviderEngaged(NeedId needId, OrganisationId organisation, Instant at) implements CaseEvent {}

    /** The relation of an organisation to a need ended: from here on it reads nothing more of the case. */
    record ProviderReleased(NeedId needId, OrganisationId organisation, Instant at) implements CaseEvent {}

    record NeedSettled(NeedId needId, Need.Settlement settlement, Instant at) implements CaseEvent {}

    /** A settled need is being answered after all. Its clock is the one it always had. */
    record NeedReopened(NeedId needId, Instant at) implements CaseEvent {}

    record CaseClosed(ClosingReason reason, Instant closedAt) implements CaseEvent {}

    /** What concerns a hand-over to another country's mechanism. */
    sealed interface OfHandOver extends CaseEvent {
        HandOverId handOverId();
    }

    /**
     * @param facts what the person agreed to have told, in that consent
     * @param means on which road it is to go
     * @param file  made for the receiver's eyes only; sealed all the same, so that it is erased with the person
     * @param until from then on the receiver refuses the file
     */
    record HandOverRequested(
            HandOverId handOverId,
            Country to,
            ConsentId consentId,
            Set<Fact> facts,
            HandOverSent.Means means,
            @Personal("hand-over") @Nullable String file,
            Instant requestedAt,
            Instant until)
            implements OfHandOver {
        public HandOverRequested {
            facts = new Terms(to, facts).facts();
        }
    }

    /** The file leaves, or is given to somebody who takes it there; recorded before it does. */
    record HandOverSent(HandOverId handOverId, Means means, Instant sentAt) implements OfHandOver {

        /** On which road. */
        public enum Means {
            @JsonProperty("exchange")
            EXCHANGE,
            @JsonProperty("file")
            FILE
        }
    }

    /** @param problem the type of problem that the receiver's system answered with; null unless it refused the file */
    record HandOverStopped(
            HandOverId handOverId,
            HandOver.Stop why,
            @Nullable String problem,
            Instant stoppedAt) implements OfHandOver {}

    /** What the receiving mechanism says. A fact: it is taken note of whenever it comes. */
    record HandOverAnswered(
            HandOverId handOverId,
            Verdict verdict,
            @Nullable Declining reason,
            Instant answeredAt) implements OfHandOver {}

    /** The person withdrew the consent after the file had left: the receiving mechanism is to be told. */
    record HandOverWithdrawn(HandOverId handOverId, Instant withdrawnAt) implements OfHandOver {}

    /** @param heardAt when the receiving mechanism took note of it, as it says */
    record HandOverWithdrawalHeard(HandOverId handOverId, Instant heardAt, Instant notedAt) implements OfHandOver {}

    /** Whoever keeps the case has seen that it came to nothing, and has decided what else is done. */
    record HandOverEndNoted(HandOverId handOverId, Instant notedAt) implements OfHandOver {}

    /** What concerns erasure. Nothing in it is of the person: it stays when they are erased. */
    sealed interface OfErasure extends CaseEvent {}

    record ErasureRequested(Erasure.Request request) implements OfErasure {}

    record ErasureRefused(String refusedBy, Instant refusedAt) implements OfErasure {}

    record HoldPlaced(Erasure.Hold hold, String placedBy) implements OfErasure {}

    record HoldLifted(HoldId holdId, String liftedBy, Instant liftedAt) implements OfErasure {}

    /** Every service destroys its keys on this. */
    record PersonErased(Erasure.Done erasure) implements OfErasure {}
}
