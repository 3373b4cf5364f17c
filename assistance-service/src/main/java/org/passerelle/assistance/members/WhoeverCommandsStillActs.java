package org.passerelle.assistance.members;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.edge.WhoeverWritesStillActs;

/** Whoever was removed or suspended while their command was being decided writes nothing. */
@ApplicationScoped
public class WhoeverCommandsStillActs extends WhoeverWritesStillActs {

    WhoeverCommandsStillActs() {
        super(Set.of(Plans.KIND.category()));
    }
}
