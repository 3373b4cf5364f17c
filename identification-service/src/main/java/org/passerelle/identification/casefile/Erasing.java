package org.passerelle.identification.casefile;

import java.util.List;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.ApproveErasure;
import org.passerelle.identification.casefile.CaseCommand.LiftHold;
import org.passerelle.identification.casefile.CaseCommand.OfErasure;
import org.passerelle.identification.casefile.CaseCommand.PlaceHold;
import org.passerelle.identification.casefile.CaseCommand.RefuseErasure;
import org.passerelle.identification.casefile.CaseCommand.RequestErasure;
import org.passerelle.identification.casefile.CaseEvent.ErasureRefused;
import org.passerelle.identification.casefile.CaseEvent.ErasureRequested;
import org.passerelle.identification.casefile.CaseEvent.HoldLifted;
import org.passerelle.identification.casefile.CaseEvent.HoldPlaced;
import org.passerelle.identification.casefile.CaseEvent.PersonErased;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.erasing.Erasure;

/** Erasure needs a closed case, two people and no legal hold. It cannot be taken back. */
final class Erasing {

    private Erasing() {}

    static List<CaseEvent> decide(OfErasure command, Facts facts, boolean closed) {
        Erasure erasure = facts.erasure();
        return switch (command) {
            case RequestErasure request -> request(request, erasure, closed);
            case ApproveErasure approval -> approve(approval, erasure, closed);
            case RefuseErasure refusal ->
                erasure.request() == null ? List.of() : List.of(new ErasureRefused(refusal.by(), refusal.now()));
            case PlaceHold hold -> place(hold, erasure);
            case LiftHold lift -> lift(lift, erasure);
        };
    }

    private static List<CaseEvent> request(RequestErasure command, Erasure erasure, boolean closed) {
        if (erasure.done() != null) {
            return List.of();
        }
        notHeld(erasure);
        closed(closed);
        Erasure.Request open = erasure.request();
        if (open != null) {
            if (open.reason() == command.reason() && open.legalBasis().equals(command.legalBasis())) {
                return List.of();
            }
            throw Refusal.of("erasure-already-requested").conflict();
        }
        return List.of(new ErasureRequested(
                new Erasure.Request(command.reason(), command.legalBasis(), command.by(), command.now())));
    }

    private static List<CaseEvent> approve(ApproveErasure command, Erasure erasure, boolean closed) {
        if (erasure.done() != null) {
            return List.of();
        }
        Erasure.Request request = erasure.request();
        if (request == null) {
            throw Refusal.of("erasure-not-requested").conflict();
        }
        notHeld(erasure);
        closed(closed);
        if (request.by().equals(command.by())) {
            throw Refusal.of("second-person-needed").conflict();
        }
        return List.of(new PersonErased(new Erasure.Done(request, command.by(), command.now(), command.finalOn())));
    }

    private static List<CaseEvent> place(PlaceHold command, Erasure erasure) {
        if (erasure.hold(command.holdId()).isPresent()) {
            return List.of();
        }
        if (erasure.done() != null) {
            throw Refusal.of("person-erased").conflict();
        }
        CaseDecider.limit(erasure.holds());
        return List.of(
                new HoldPlaced(new Erasure.Hold(command.holdId(), command.basis(), command.now(), null), command.by()));
    }

    private static List<CaseEvent> lift(LiftHold command, Erasure erasure) {
        Erasure.Hold hold = erasure.hold(command.holdId())
                .orElseThrow(() -> Refusal.of("hold-unknown").unknown());
        return hold.liftedAt() == null
                ? List.of(new HoldLifted(command.holdId(), command.by(), command.now()))
                : List.of();
    }

    private static void notHeld(Erasure erasure) {
        if (erasure.held()) {
            throw Refusal.of("legal-hold").conflict();
        }
    }

    private static void closed(boolean closed) {
        if (!closed) {
            throw Refusal.of("erasure-needs-closed-case").conflict();
        }
    }

    static Facts evolve(Facts facts, CaseEvent.OfErasure event) {
        Erasure erasure = facts.erasure();
        return facts.with(
                switch (event) {
                    case ErasureRequested requested -> erasure.requested(requested.request());
                    case ErasureRefused refused -> erasure.requested(null);
                    case HoldPlaced placed -> erasure.held(placed.hold());
                    case HoldLifted lifted -> erasure.lifted(lifted.holdId(), lifted.liftedAt());
                    case PersonErased erased -> erasure.erased(erased.erasure());
                });
    }
}
