package org.passerelle.edge.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;

/**
 * What should be given to whom, as a table of its own ({@code oracle.csv}) with a reader of its own: it shares
 * nothing with the policy that it judges but the names of roles, relations and masks.
 */
final class Oracle {

    /** Whether the organisation of an account, and the account in it, count. */
    enum Standing {
        UNRECORDED(true),
        UNRECORDED_AND_THE_LIST_COMPLETE(false),
        UNRECORDED_AND_SUSPENDED(false),
        UNRECORDED_AND_UNSETTLED(false),
        MEMBER(true),
        MEMBER_OF_TWO(true),
        MEMBER_AND_THE_LIST_COMPLETE(true),
        MEMBER_AND_POLICE_BY_THE_TOKEN_ALONE(true),
        MEMBER_AND_POLICE_BY_THE_RECORD_ALONE(true),
        MEMBER_AND_SUSPENDED(false),
        MEMBER_AND_UNSETTLED(false),
        MEMBER_WITHOUT_THESE_ROLES(false),
        MEMBER_OF_ANOTHER_ONLY(false),
        REMOVED(false),
        REMOVED_AND_MEMBER_OF_ANOTHER(false);

        final boolean counts;

        Standing(boolean counts) {
            this.counts = counts;
        }

        boolean police() {
            return this == MEMBER_AND_POLICE_BY_THE_TOKEN_ALONE || this == MEMBER_AND_POLICE_BY_THE_RECORD_ALONE;
        }
    }

    /** What the person wants. */
    enum Consent {
        NOTHING_SAID,
        WITHHELD_FROM_AUTHORITIES,
        WITHHELD_FROM_THE_ORGANISATION
    }

    /** @param open  to everybody, without login */
    record Row(
            String operation, boolean open, boolean closedToAuthorities, Map<Role, Map<Character, FieldMask>> cells) {

        FieldMask given(Set<Role> roles, Standing standing, Set<Relation> relations, Consent consent, boolean silent) {
            if (!standing.counts) {
                return FieldMask.NOTHING;
            }
            if (consent == Consent.WITHHELD_FROM_AUTHORITIES
                    && closedToAuthorities
                    && (standing.police() || roles.contains(Role.POLICE_INVESTIGATOR))) {
                return FieldMask.NOTHING;
            }
            if (consent == Consent.WITHHELD_FROM_THE_ORGANISATION && closedToAuthorities) {
                return FieldMask.NOTHING;
            }
            FieldMask most = FieldMask.NOTHING;
            for (Role role : roles) {
                for (Relation relation : relations) {
                    for (char letter : new char[] {letter(relation), '*'}) {
                        FieldMask one = cells.getOrDefault(role, Map.of()).getOrDefault(letter, FieldMask.NOTHING);
                        most = larger(most, silent ? whileSilent(one, letter) : one);
                    }
                }
            }
            return most;
        }

        boolean ever(Set<Role> roles) {
            return roles.stream().anyMatch(cells::containsKey);
        }

        /** What rests on being asked, or on giving a service, rests on what was told; but for emergencies the rest shrinks to codes. */
        private static FieldMask whileSilent(FieldMask mask, char letter) {
            if (letter == 'g') {
                return mask;
            }
            boolean told = letter == 'f' || letter == 'p' || letter == 'h';
            return told || mask == FieldMask.NOTHING ? FieldMask.NOTHING : FieldMask.CODES;
        }

        private static FieldMask larger(FieldMask one, FieldMask other) {
            return one.ordinal() > other.ordinal() ? one : other;
        }
    }

    private static final List<Role> COLUMNS = List.of(
            Role.FIELD_WORKER,
            Role.CASE_WORKER,
            Role.PROVIDER,
            Role.POLICE_INVESTIGATOR,
            Role.COORDINATOR,
            Role.LOCAL_COORDINATOR,
            Role.SUPERVISOR,
            Role.STATISTICIAN,
            Role.AUDITOR,
            Role.OPERATOR,
            Role.PARTNER_SYSTEM);

    private Oracle() {}

    private static char letter(Relation relation) {
        return switch (relation) {
            case OWNING -> 'o';
            case OFFERED -> 'f';
            case PROVIDING -> 'p';
            case HAS_PROVIDED -> 'h';
            case SUPERVISING -> 's';
            case COORDINATING -> 'c';
            case BREAKING_GLASS -> 'g';
            case NONE -> 'n';
        };
    }

    /** The rows of a service and of what every service has, by operation: {@code GET /cases}. */
    static Map<String, Row> of(String service) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (String line : lines()) {
            String[] cells = line.split(",", -1);
            if (cells.length != 15) {
                throw new IllegalStateException("fifteen columns: " + line);
            }
            if (cells[0].equals(service) || cells[0].equals("every")) {
                String operation = cells[1] + " " + cells[2];
                if (rows.put(operation, row(operation, cells)) != null) {
                    throw new IllegalStateException("twice: " + operation);
                }
            }
        }
        return rows;
    }

    private static Row row(String operation, String[] cells) {
        Map<Role, Map<Character, FieldMask>> given = new EnumMap<>(Role.class);
        Set<String> words = new HashSet<>();
        for (int column = 0; column < COLUMNS.size(); column++) {
            String cell = cells[4 + column].strip();
            words.add(cell);
            if (cell.isEmpty() || cell.equals("open")) {
                continue;
            }
            Map<Character, FieldMask> pairs = new LinkedHashMap<>();
            for (String pair : cell.split(" ", -1)) {
                if (!pair.matches("[ofphscg*][1-4]")) {
                    throw new IllegalStateException("no pair: " + pair);
                }
                pairs.put(pair.charAt(0), FieldMask.values()[pair.charAt(1) - '0']);
            }
            given.put(COLUMNS.get(column), pairs);
        }
        return new Row(operation, words.equals(Set.of("open")), cells[3].equals("w"), given);
    }

    private static List<String> lines() {
        try (InputStream in = Oracle.class.getResourceAsStream("oracle.csv")) {
            if (in == null) {
                throw new IllegalStateException("oracle.csv is missing");
            }
            List<String> lines = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("service,")) {
                    lines.add(line);
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
