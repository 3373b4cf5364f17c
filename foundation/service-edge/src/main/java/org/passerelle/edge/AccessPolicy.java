package org.passerelle.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one access decision: a table that a commission can read, {@code access-policy.csv}, one sentence a line. What no
 * line permits is denied.
 */
public final class AccessPolicy {

    /**
     * @param relation null where the action concerns no case
     */
    private record Line(String action, Role role, @Nullable Relation relation, FieldMask fields, String why) {}

    /** Relations that rest on what another service told. */
    static final Set<Relation> OF_PROVIDERS = Set.of(Relation.OFFERED, Relation.PROVIDING, Relation.HAS_PROVIDED);

    private static final AccessPolicy SHIPPED = load();

    private final List<Line> lines;

    private AccessPolicy(List<Line> lines) {
        this.lines = lines;
    }

    public static AccessPolicy shipped() {
        return SHIPPED;
    }

    private static AccessPolicy load() {
        try (InputStream in = AccessPolicy.class.getResourceAsStream("/access-policy.csv")) {
            if (in == null) {
                throw new IllegalStateException("access-policy.csv is missing");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param csv lines of action, role, relation ({@code *} where no case is concerned), fields, why; {@code #} comments
     * @throws IllegalArgumentException naming the line that cannot be understood
     */
    public static AccessPolicy parse(String csv) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String text : csv.lines().toList()) {
            number++;
            if (text.isBlank() || text.startsWith("#") || text.startsWith("action,")) {
                continue;
            }
            String[] cells = text.split(",", 5);
            if (cells.length != 5 || cells[4].isBlank()) {
                throw new IllegalArgumentException(
                        "access-policy.csv line " + number + ": action,role,relation,fields,why");
            }
            Role role = Role.parse(cells[1].strip()).orElse(null);
            if (role == null) {
                throw new IllegalArgumentException("access-policy.csv line " + number + ": no such role");
            }
            String relation = cells[2].strip();
            lines.add(new Line(
                    cells[0].strip(),
                    role,
                    relation.equals("*") ? null : Relation.valueOf(constant(relation)),
                    FieldMask.valueOf(constant(cells[3].strip())),
                    cells[4].strip()));
        }
        return new AccessPolicy(List.copyOf(lines));
    }

    private static String constant(String code) {
        return code.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Whether any role of the caller may ever do this, for some case. */
    public boolean mayEver(Caller caller, String action) {
        return lines.stream().anyMatch(line -> line.action().equals(action) && caller.isA(line.role()));
    }

    /** Whether any sentence on an action speaks of this relation. */
    public boolean concerns(String action, Relation relation) {
        return lines.stream().anyMatch(line -> line.action().equals(action) && line.relation() == relation);
    }

    public boolean knows(String action) {
        return lines.stream().anyMatch(line -> line.action().equals(action));
    }

    /** May they do this to a case to which they have this relation, and how much of it do they see? */
    public Decision decide(Caller caller, String action, Relation relation) {
        Optional<Line> best = lines.stream()
                .filter(line -> line.action().equals(action))
                .filter(line -> caller.isA(line.role()))
                .filter(line -> line.relation() == null || line.relation() == relation)
                .max(Comparator.comparing(Line::fields));
        return best.map(line -> new Decision(true, line.fields(), line.why()))
                .orElseGet(() -> new Decision(false, FieldMask.NOTHING, "no sentence of the policy permits it"));
    }

    /**
     * The same, while nothing may have been heard from the source of memberships and relations.
     *
     * @param silent then: codes and clocks for the owner and the coordination; being a provider, or having been, counts for
     *     nothing
     */
    public Decision decide(Caller caller, String action, Relation relation, boolean silent) {
        if (!silent) {
            return decide(caller, action, relation);
        }
        Decision decision = decide(caller, action, OF_PROVIDERS.contains(relation) ? Relation.NONE : relation);
        if (relation == Relation.BREAKING_GLASS) {
            // An emergency does not wait until the source is heard again.
            return decision;
        }
        return decision.mask().covers(FieldMask.SUMMARY)
                ? new Decision(decision.permitted(), FieldMask.CODES, decision.reason())
                : decision;
    }
}
