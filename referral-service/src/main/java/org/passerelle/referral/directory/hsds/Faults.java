package org.passerelle.referral.directory.hsds;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong and what deserves a warning, each up to a limit: a broken export repeats its mistake. */
final class Faults {

    static final int LIMIT = 50;

    private final List<Fault> errors = new ArrayList<>();
    private final List<Fault> warnings = new ArrayList<>();
    private final Set<String> said = new HashSet<>();

    void wrong(String record, String field, String code, String... args) {
        add(errors, new Fault(record, field, code, List.of(args)));
    }

    void warn(String record, String field, String code, String... args) {
        warn(record, field, code, List.of(args));
    }

    void warn(String record, String field, String code, List<String> args) {
        add(warnings, new Fault(record, field, code, args));
    }

    /** @param about what is warned of once, however many records show it */
    void warnOnce(String about, String record, String field, String code, String... args) {
        if (said.add(about)) {
            warn(record, field, code, args);
        }
    }

    private static void add(List<Fault> faults, Fault fault) {
        if (faults.size() < LIMIT) {
            faults.add(fault);
        }
    }

    List<Fault> warnings() {
        return warnings;
    }

    void throwIfAny() throws MalformedDirectory {
        if (!errors.isEmpty()) {
            throw new MalformedDirectory(errors);
        }
    }
}
