package org.passerelle.referral.proposing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.proposing.ProposalEvent.CounterReferralAcknowledged;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralAgreed;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralRefused;
import org.passerelle.referral.proposing.ProposalEvent.ProposalMade;
import org.passerelle.referral.proposing.ProposalEvent.ProposalUnanswered;
import org.passerelle.referral.proposing.ProposalStream.Proposal;
import org.passerelle.referral.proposing.ProposalStream.ProposalCommand;
import org.passerelle.referral.proposing.ProposalStream.ProposalCommand.AnswerProposal;
import org.passerelle.referral.proposing.ProposalStream.ProposalCommand.MakeProposal;
import org.passerelle.referral.proposing.ProposalStream.ProposalCommand.NoteUnanswered;
import org.passerelle.referral.publishing.PublicProposalEvents;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.NextStep.Told;
import org.passerelle.referral.referring.Outcome;

public class ProposalTest {

    private static final Instant AT = Instant.parse("2026-11-20T13:00:00Z");
    private static final UUID ID = new UUID(6, 1);
    private static final About ABOUT = new About(
            new ReferralId(new UUID(7, 7)),
            new CaseCode("4829-1370-6158"),
            new OrganisationId(new UUID(0, 99)),
            ServiceType.SAFE_SHELTER,
            new PlaceCode("EC-P"));
    private static final Decider<ProposalCommand, Proposal, ProposalEvent> RULES = ProposalStream.KIND.decider();

    public static final List<ProposalEvent> OF_EACH_TYPE = List.of(
            made(ProposalKind.COUNTER_REFERRAL, Outcome.GOT_HELP, List.of(ServiceType.FOLLOW_UP)),
            new OnwardReferralAgreed(
                    ID, ABOUT, ServiceType.MHPSS, Urgency.URGENT, new PlaceCode("EC-P"), AT.minusSeconds(60), AT),
            new OnwardReferralRefused(ID, ABOUT, ProposalRefusal.PERSON_DECLINED, AT),
            new CounterReferralAcknowledged(ID, ABOUT, AT),
            new ProposalUnanswered(ID, ABOUT, Told.COORDINATOR, AT.plus(Duration.ofDays(1)), AT));

    private final List<ProposalEvent> past = new ArrayList<>();

    private static ProposalMade made(ProposalKind kind, @Nullable Outcome outcome, List<ServiceType> needs) {
        return new ProposalMade(
                ID,
                ABOUT,
                new OrganisationId(new UUID(0, 1)),
                kind,
                outcome,
                needs,
                Urgency.URGENT,
                new PlaceCode("EC-P"),
                AT.plus(Duration.ofHours(12)),
                AT);
    }

    private List<ProposalEvent> when(ProposalCommand command) {
        List<ProposalEvent> events = RULES.decide(command, RULES.fold(RULES.initial(), past));
        past.addAll(events);
        return events;
    }

    private void refused(ProposalCommand command) {
        assertThatThrownBy(() -> when(command)).isInstanceOf(Refusal.class);
    }

    @Test
    void anOnwardReferralIsAgreedToOnce_andTheNeedBeganWhenItWasProposed() {
        when(new MakeProposal(made(ProposalKind.ONWARD_REFERRAL, null, List.of(ServiceType.MHPSS)), 0));
        refused(new AnswerProposal(ProposalAnswer.ACKNOWLEDGED, null, AT));
        refused(new AnswerProposal(ProposalAnswer.REFUSED, null, AT));
        refused(new AnswerProposal(ProposalAnswer.AGREED, ProposalRefusal.OTHER, AT));
        OnwardReferralAgreed agreed =
                (OnwardReferralAgreed) when(new AnswerProposal(ProposalAnswer.AGREED, null, AT.plusSeconds(9)))
                        .getFirst();
        assertThat(agreed.service()).isEqualTo(ServiceType.MHPSS);
        assertThat(agreed.proposedAt()).isEqualTo(AT);
        assertThat(when(new AnswerProposal(ProposalAnswer.AGREED, null, AT.plusSeconds(10))))
                .isEmpty();
        refused(new AnswerProposal(ProposalAnswer.REFUSED, ProposalRefusal.OTHER, AT));
        assertThat(when(new NoteUnanswered(false, AT.plus(Duration.ofDays(90)))))
                .isEmpty();
    }

    @Test
    void aReferralHasSoManyOpenProposalsAndNoMore_andNobodyIsToldOfAClosedCase() {
        ProposalMade made = made(ProposalKind.ONWARD_REFERRAL, null, List.of(ServiceType.MHPSS));
        refused(new MakeProposal(made, 20));
        assertThat(when(new MakeProposal(made, 19))).hasSize(1);
        assertThat(when(new NoteUnanswered(true, made.answerBy()))).isEmpty();
        assertThat(when(new NoteUnanswered(false, made.answerBy()))).hasSize(1);
    }

    @Test
    void aCounterReferralSaysWhatCameOfIt_andIsAcknowledged() {
        refused(new MakeProposal(made(ProposalKind.COUNTER_REFERRAL, null, List.of()), 0));
        refused(new MakeProposal(made(ProposalKind.ONWARD_REFERRAL, Outcome.GOT_HELP, List.of(ServiceType.MHPSS)), 0));
        refused(new MakeProposal(made(ProposalKind.ONWARD_REFERRAL, null, List.of()), 0));
        refused(new AnswerProposal(ProposalAnswer.ACKNOWLEDGED, null, AT));
        when(new MakeProposal(made(ProposalKind.COUNTER_REFERRAL, Outcome.GOT_HELP, List.of()), 0));
        refused(new AnswerProposal(ProposalAnswer.AGREED, null, AT));
        assertThat(when(new AnswerProposal(ProposalAnswer.ACKNOWLEDGED, null, AT)))
                .isEqualTo(List.of(new CounterReferralAcknowledged(ID, ABOUT, AT)));
    }

    @Test
    void whatIsNotAnsweredIsToldToTheSenderTheSupervisorAndTheCoordination_everMoreSeldom() {
        when(new MakeProposal(made(ProposalKind.ONWARD_REFERRAL, null, List.of(ServiceType.MHPSS)), 0));
        Instant due = AT.plus(Duration.ofHours(12));
        assertThat(when(new NoteUnanswered(false, due.minusMillis(1)))).isEmpty();
        Duration before = Duration.ZERO;
        for (Told told : List.of(Told.OWNER, Told.SUPERVISOR, Told.COORDINATOR, Told.COORDINATOR)) {
            ProposalUnanswered unanswered =
                    (ProposalUnanswered) when(new NoteUnanswered(false, due)).getFirst();
            assertThat(unanswered.told()).isEqualTo(told);
            assertThat(Duration.between(due, unanswered.again()))
                    .isGreaterThan(before)
                    .isLessThanOrEqualTo(Duration.ofDays(7));
            before = Duration.between(due, unanswered.again());
            due = unanswered.again();
        }
    }

    @Test
    void onlyTheNeedIsPublished_andThatAnAnswerIsOwed_asTheirContractsSay() {
        ObjectMapper json = new ObjectMapper()
                .registerModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        List<PublicEvent> published = OF_EACH_TYPE.stream()
                .flatMap(event -> PublicProposalEvents.of(event).stream())
                .toList();
        assertThat(published)
                .extracting(PublicEvent::type)
                .containsExactlyInAnyOrder(
                        "passerelle.referral.onward-referral-agreed.v1", "passerelle.referral.step-overdue.v1");
        assertThat(published)
                .allSatisfy(
                        event -> assertThat(PublishedEvents.violations(event.type(), json.valueToTree(event.data())))
                                .isEmpty());
        assertThat(OF_EACH_TYPE.stream().flatMap(event -> PublicProposalEvents.concerned(event).stream()))
                .as("who owes the answer")
                .containsExactly(ABOUT.requestedBy());
    }
}
