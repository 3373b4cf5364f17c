package org.passerelle.reporting.replay.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.edge.Access;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;
import org.passerelle.reporting.ledger.Entry;
import org.passerelle.reporting.ledger.Fact;
import org.passerelle.reporting.ledger.Facts;
import org.passerelle.reporting.replay.Timeline;

/** What the caller is to a case, as far as the ledger knows it. */
final class CaseRelations {
    private CaseRelations() {}

    /**
     * Whoever may read keeps the case, supervises its keeper, or looks after the mechanism. What the person wants to be
     * withheld from an organisation stays withheld from it whatever the role, even after the consent that said so was
     * withdrawn or replaced. Police that opened the case themselves already know what they wrote into it.
     *
     * @throws org.passerelle.eventsourcing.Refusal the same for unknown and forbidden
     */
    static void require(Access access, List<Entry> entries) {
        Caller caller = access.caller();
        if (entries.isEmpty() || isWithheldFrom(caller, entries)) {
            throw Access.unknown();
        }
        if (of(caller, entries).stream()
                .noneMatch(relation -> access.decide(relation).permitted())) {
            throw Access.unknown();
        }
    }

    private static List<Relation> of(Caller caller, List<Entry> entries) {
        List<Relation> relations = new ArrayList<>();
        Optional<String> owner = Timeline.owner(entries);
        if (owner.isPresent() && caller.belongsTo(owner.get())) {
            relations.add(Relation.OWNING);
            if (caller.isA(Role.SUPERVISOR)) {
                relations.add(Relation.SUPERVISING);
            }
        }
        if (caller.isA(Role.COORDINATOR) || caller.isA(Role.LOCAL_COORDINATOR)) {
            relations.add(Relation.COORDINATING);
        }
        relations.add(Relation.NONE);
        return relations;
    }

    private static boolean isWithheldFrom(Caller caller, List<Entry> entries) {
        boolean stranger = Timeline.owner(entries).filter(caller::belongsTo).isEmpty();
        boolean authority = stranger && caller.authority();
        return entries.stream()
                .map(Facts::of)
                .anyMatch(fact -> fact instanceof Fact.ConsentRecorded consent
                        && (consent.withheldFrom().organisations().stream().anyMatch(caller::belongsTo)
                                || (consent.withheldFrom().authorities() && authority)));
    }
}
