package org.passerelle.local;

import java.nio.file.Path;

/** A process of the installation that the supervisor keeps alive. */
interface Component {
    String name();

    Path log();

    /** Starts it on the data of its predecessor. May return before it is healthy. */
    Process start();

    boolean healthy();

    /** Ends it cleanly, or by force when it does not end in time. */
    void stop(Process process);
}
