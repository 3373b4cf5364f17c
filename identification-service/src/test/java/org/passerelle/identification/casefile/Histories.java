package org.passerelle.identification.casefile;

import static org.passerelle.identification.casefile.Commands.CODE;
import static org.passerelle.identification.casefile.Commands.CONSENT;
import static org.passerelle.identification.casefile.Commands.NEED;
import static org.passerelle.identification.casefile.Commands.NOW;
import static org.passerelle.identification.casefile.Commands.SHELTER;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.Verdict;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.presuming.Presumption;
import org.passerelle.identification.screening.Answer;

/** A history in which every kind of event happens. */
public final class Histories {

    private Histories() {}

    /** The events of a whole road, as they would be stored. */
    public static List<StoredEvent> everything() {
        CaseDecider decider = new CaseDecider();
        CaseFile file = decider.initial();
        List<StoredEvent> stored = new ArrayList<>();
        for (CaseCommand command : commands()) {
            List<CaseEvent> events = decider.decide(command, file);
            file = decider.fold(file, events);
            for (CaseEvent event : events) {
                stored.add(stored(event, stored.size() + 1L));
            }
        }
        return stored;
    }

    public static StoredEvent stored(CaseEvent event, long version) {
        NewEvent bytes = CaseStream.TYPES.encode(event);
        return new StoredEvent(
                version,
                CaseStream.of(CODE),
                version,
                bytes.type(),
                bytes.schemaVersion(),
                bytes.data(),
                Metadata.system("test"),
                NOW);
    }

    private static List<CaseCommand> commands() {
        return List.of(
                Commands.detection(Answer.YES, 24),
                Commands.consent(CONSENT, NOW.plusSeconds(86_400), Set.of(Commands.organisation(9))),
                Commands.screening(
                        Map.of("ACT_RECRUITMENT", Answer.YES, "MEANS_FRAUD", Answer.YES, "RISK_SUICIDE", Answer.NO)),
                new CaseCommand.PresumeVictim(
                        new Presumption(Presumption.DecidedBy.NGO, "Des motifs qui ne regardent personne.", NOW)),
                Commands.avoiding(Commands.FEARED_PLACE, Commands.FEARED),
                Commands.need(Urgency.URGENT),
                new CaseCommand.NoteGap(NEED, NOW),
                new CaseCommand.NoteOffer(NEED, SHELTER, NOW),
                new CaseCommand.NoteAcceptance(NEED, SHELTER, NOW),
                new CaseCommand.NoteCompletion(NEED, SHELTER, NOW),
                new CaseCommand.WithdrawConsent(CONSENT, NOW),
                Commands.consentToHandOver(),
                Commands.handOver(1),
                Commands.sending(1),
                new CaseCommand.NoteAnswerFromAbroad(Commands.handOverId(1), Verdict.DECLINED, Declining.OTHER, NOW),
                Commands.handOver(2),
                new CaseCommand.NoteRefusalFromAbroad(
                        Commands.handOverId(2), "urn:passerelle:problem:exchange-expired", NOW),
                new CaseCommand.NoteHandOverEnd(Commands.handOverId(2), NOW),
                Commands.handOver(3),
                new CaseCommand.NoteAnswerFromAbroad(Commands.handOverId(3), Verdict.ACCEPTED, null, NOW),
                new CaseCommand.WithdrawConsent(Commands.TO_HAND_OVER, NOW),
                new CaseCommand.NoteWithdrawalHeard(Commands.handOverId(3), NOW, NOW),
                Commands.closing(ClosingReason.PLAN_COMPLETED),
                Commands.hold(),
                Commands.lifting(),
                Commands.erasure(),
                new CaseCommand.RefuseErasure(Commands.SUPERVISOR, NOW),
                Commands.erasure(),
                Commands.approval(Commands.SUPERVISOR));
    }
}
