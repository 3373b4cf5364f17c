package org.passerelle.referral.directory.hsds;

import java.util.List;

/** The document cannot be imported: every record that is wrong, up to a limit, in document order. */
public final class MalformedDirectory extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    MalformedDirectory(List<Fault> faults) {
        super(faults.size() + " malformed records");
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
