package org.passerelle.referral.investigating;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.investigating.InvestigationCommand.ConfirmEvidence;
import org.passerelle.referral.investigating.InvestigationCommand.HandOverEvidence;
import org.passerelle.referral.investigating.InvestigationCommand.NoteSilence;
import org.passerelle.referral.investigating.InvestigationCommand.ReportJustice;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceHandedOver;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceItem;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceReceived;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationEvent.PoliceSilent;
import org.passerelle.referral.referring.NextStep.Told;

/** The rules of an investigation. */
public final class InvestigationDecider implements Decider<InvestigationCommand, Investigation, InvestigationEvent> {

    /** A list of evidence is one page; nobody hands over more than this in one case. */
    private static final int MOST_LISTS = 200;

    @Override
    public Investigation initial() {
        return Investigation.NONE;
    }

    @Override
    public List<InvestigationEvent> decide(InvestigationCommand command, Investigation state) {
        return switch (command) {
            case ReportJustice report -> report(report, state);
            case HandOverEvidence evidence -> handOver(evidence, state);
            case ConfirmEvidence receipt -> confirm(receipt, state);
            case NoteSilence silence -> silent(silence, state);
        };
    }

    private static List<InvestigationEvent> report(ReportJustice command, Investigation state) {
        // a force that it was passed on to begins anew
        JusticeStep before = command.police().equals(state.police()) ? state.step() : null;
        JusticeStep step = command.step();
        if (step.ends() && step == before) {
            return List.of();
        }
        boolean first = step == JusticeStep.INVESTIGATION || step == JusticeStep.REFUSED;
        if (before == null ? !first : !step.follows(before)) {
            throw Refusal.of("justice-does-not-go-so").field("step");
        }
        if (step.needsReason() != (command.reason() != null)) {
            throw Refusal.of("reason-where-it-ends").invalid().field("reason");
        }
        Instant reportBy = step.ends() ? null : command.at().plus(command.silence());
        return List.of(new JusticeReported(
                command.about(),
                command.police(),
                command.reportedUnder(),
                step,
                command.reason(),
                command.forms(),
                reportBy,
                command.at()));
    }

    private static List<InvestigationEvent> handOver(HandOverEvidence command, Investigation state) {
        if (state.lists().containsKey(command.list())) {
            return List.of();
        }
        if (!command.consented()) {
            throw Refusal.of("police-not-agreed");
        }
        if (state.lists().size() >= MOST_LISTS) {
            throw Refusal.of("too-many-lists");
        }
        Set<EvidenceKind> kinds = new HashSet<>();
        for (EvidenceItem item : command.items()) {
            if (!kinds.add(item.kind())) {
                throw Refusal.of("kind-twice").invalid().field("items");
            }
        }
        return List.of(new EvidenceHandedOver(
                command.about(), command.police(), command.list(), command.items(), command.at()));
    }

    private static List<InvestigationEvent> confirm(ConfirmEvidence command, Investigation state) {
        EvidenceHandedOver list = state.lists().get(command.list());
        if (list == null || !list.police().equals(command.police())) {
            throw Refusal.of("list-unknown").invalid().field("list");
        }
        return state.received().containsKey(command.list())
                ? List.of()
                : List.of(new EvidenceReceived(command.about(), command.police(), command.list(), command.at()));
    }

    /** The police themselves first, then their supervisor, then the coordination again and again. */
    private static List<InvestigationEvent> silent(NoteSilence command, Investigation state) {
        @Nullable Instant by = state.reportBy();
        if (command.closed() || by == null || command.at().isBefore(by)) {
            return List.of();
        }
        Told told = state.told() == 0 ? Told.OWNER : state.told() == 1 ? Told.SUPERVISOR : Told.COORDINATOR;
        Duration wait = command.silence().dividedBy(2);
        return List.of(new PoliceSilent(
                Objects.requireNonNull(state.about()),
                Objects.requireNonNull(state.police()),
                told,
                !command.withheld(),
                command.at().plus(wait),
                command.at()));
    }

    @Override
    public Investigation evolve(Investigation state, InvestigationEvent event) {
        return switch (event) {
            case JusticeReported reported ->
                state.step(reported.about(), reported.police(), reported.step(), reported.reportBy());
            case EvidenceHandedOver list -> state.handedOver(list);
            case EvidenceReceived received -> state.received(received.list(), received.at());
            case PoliceSilent silent -> state.told(silent.again());
        };
    }
}
