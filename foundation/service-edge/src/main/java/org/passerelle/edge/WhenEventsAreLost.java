package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import java.util.List;
import org.passerelle.eventsourcing.Restore;

/** What must follow where a restore took events that had been published. Declared as a bean; done before it is adopted. */
public interface WhenEventsAreLost {

    /** @param lost as they were published; a call may be repeated */
    Uni<Void> follow(List<Restore.Lost> lost);
}
