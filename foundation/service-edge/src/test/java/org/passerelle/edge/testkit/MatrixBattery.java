package org.passerelle.edge.testkit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.AccessPolicy;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Caller;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Membership;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;
import org.passerelle.edge.testkit.Oracle.Consent;
import org.passerelle.edge.testkit.Oracle.Row;
import org.passerelle.edge.testkit.Oracle.Standing;

/**
 * Every operation of a service's OpenAPI document, by every role and pair of roles, standing of the account, relation,
 * consent and silence of the source: what the product's own functions decide, against {@link Oracle}. Then a sample over
 * HTTP.
 */
public abstract class MatrixBattery {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final String HERE = "00000000-0000-0000-0000-00000000000a";
    private static final String THERE = "00000000-0000-0000-0000-00000000000b";

    /** How many requests the sample sends; each takes some milliseconds. */
    private static final int SAMPLE = 200;

    private final String service;
    private final Map<String, Row> oracle;

    /** @param service as its path and package: {@code identification} */
    protected MatrixBattery(String service) {
        this.service = service;
        this.oracle = Oracle.of(service);
    }

    /**
     * What the service makes of relation and consent, where it has a rule of its own beside the policy.
     *
     * @param withheldFromAuthorities whether the person wants that
     * @param withheldFromTheOrganisation whether the person wants that, by its name
     */
    protected FieldMask decide(
            Caller caller,
            String action,
            Relation relation,
            boolean withheldFromAuthorities,
            boolean withheldFromTheOrganisation,
            boolean silent) {
        return AccessPolicy.shipped().decide(caller, action, relation, silent).mask();
    }

    /** Relations in which the role of a caller puts them, beside that of their organisation. */
    protected Set<Relation> byRole(Set<Role> roles) {
        return Set.of();
    }

    /** Operations for people in a browser, which log in by pages and are in no OpenAPI document. */
    protected Set<String> pages() {
        return Set.of();
    }

    /** Whether consent is among what {@link #decide} looks at. */
    protected boolean looksAtConsent() {
        return false;
    }

    @Test
    void theTableNamesEveryOperationOfTheDocumentAndNoOther() {
        Set<String> documented = new TreeSet<>();
        Map<String, Map<String, Object>> paths =
                given().get("/openapi?format=json").jsonPath().getMap("paths");
        paths.forEach((path, item) -> item.keySet().stream()
                .filter(METHODS::contains)
                .forEach(method -> documented.add(operation(method, path.replaceFirst("^/" + service, "")))));
        assertThat(Collections.disjoint(documented, pages()))
                .as("pages are in no document")
                .isTrue();
        documented.addAll(pages());
        assertThat(actions().keySet()).as("endpoints").isEqualTo(documented);
        assertThat(new TreeSet<>(oracle.keySet())).as("rows of the table").isEqualTo(documented);
    }

    @Test
    void theDocumentInTheRepositoryIsTheOneServed() throws IOException {
        new ApiDocument(service).isTheOneInTheRepository();
    }

    /** Whoever uses what was released goes on. */
    @Test
    void nothingThatWasReleasedIsBroken() throws IOException {
        assertThat(new ApiDocument(service).breaksOfWhatWasReleased()).isEmpty();
    }

    @Test
    void theDocumentKeepsTheRulesOfOwasp() throws IOException {
        assertThat(ApiLint.findings(new ApiDocument(service).served())).isEmpty();
    }

    @Test
    void whatIsDecidedIsWhatTheTableSays() {
        List<String> disagreements = new ArrayList<>();
        int[] decisions = {0};
        actions().forEach((operation, action) -> {
            Row row = oracle.get(operation);
            assertThat(row).as(operation).isNotNull();
            assertThat(row.open()).as(operation).isEqualTo(action.equals(AccessTo.ANYONE));
            if (!row.open()) {
                decisions[0] += compare(row, action, disagreements);
            }
        });
        System.out.printf(
                "matrix %s: %d operations, %d decisions, %d disagreements%n",
                service, oracle.size(), decisions[0], disagreements.size());
        assertThat(disagreements).isEmpty();
        assertThat(decisions[0]).isGreaterThan(10_000);
    }

    private int compare(Row row, String action, List<String> disagreements) {
        int decisions = 0;
        for (Set<Role> roles : roleSets()) {
            for (Standing standing : roles.size() == 1 ? Standing.values() : new Standing[] {Standing.MEMBER}) {
                for (Relation relation : Relation.values()) {
                    for (Consent consent : consents(roles)) {
                        for (boolean silent : new boolean[] {false, true}) {
                            FieldMask decided = decided(roles, standing, action, relation, consent, silent);
                            FieldMask expected = row.given(roles, standing, all(roles, relation), consent, silent);
                            decisions++;
                            if (decided != expected) {
                                disagreements.add(row.operation() + " by " + roles + ", " + standing + ", " + relation
                                        + ", " + consent + ", silent " + silent + ": " + decided + ", not " + expected);
                            }
                        }
                    }
                }
            }
        }
        return decisions;
    }

    /** What is withheld from an organisation depends on no pair of roles. */
    private List<Consent> consents(Set<Role> roles) {
        if (!looksAtConsent()) {
            return List.of(Consent.NOTHING_SAID);
        }
        return roles.size() == 1
                ? List.of(Consent.values())
                : List.of(Consent.NOTHING_SAID, Consent.WITHHELD_FROM_AUTHORITIES);
    }

    private Set<Relation> all(Set<Role> roles, Relation relation) {
        Set<Relation> all = EnumSet.of(relation);
        all.addAll(byRole(roles));
        return all;
    }

    private FieldMask decided(
            Set<Role> roles, Standing standing, String action, Relation relation, Consent consent, boolean silent) {
        Optional<Caller> caller = Membership.caller(
                new Membership.Claims("issuer", "subject", HERE, inTheToken(standing, roles)),
                standings(standing, roles),
                false);
        if (caller.isEmpty() || !AccessPolicy.shipped().mayEver(caller.get(), action)) {
            return FieldMask.NOTHING;
        }
        return all(roles, relation).stream()
                .map(one -> decide(
                        caller.get(),
                        action,
                        one,
                        consent == Consent.WITHHELD_FROM_AUTHORITIES,
                        consent == Consent.WITHHELD_FROM_THE_ORGANISATION,
                        silent))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** What the table says for an unrecorded account of one role; for requests that a service's own test sends. */
    protected FieldMask expected(String operation, Role role, Relation relation, boolean withheldFromAuthorities) {
        Row row = oracle.get(operation);
        assertThat(row).as(operation).isNotNull();
        return row.given(
                Set.of(role),
                Standing.UNRECORDED,
                all(Set.of(role), relation),
                withheldFromAuthorities ? Consent.WITHHELD_FROM_AUTHORITIES : Consent.NOTHING_SAID,
                false);
    }

    private static Set<Role> inTheToken(Standing standing, Set<Role> roles) {
        return standing == Standing.MEMBER_AND_POLICE_BY_THE_TOKEN_ALONE ? policeToo(roles) : roles;
    }

    private static Set<Role> policeToo(Set<Role> roles) {
        Set<Role> more = EnumSet.of(Role.POLICE_INVESTIGATOR);
        more.addAll(roles);
        return more;
    }

    /** What would lie in the tables of the service. */
    private static List<Membership.Standing> standings(Standing standing, Set<Role> roles) {
        Membership.Standing elsewhere = new Membership.Standing(THERE, roles, false, false, false, false);
        return switch (standing) {
            case UNRECORDED -> List.of(new Membership.Standing(HERE, null, false, false, false, false));
            case UNRECORDED_AND_THE_LIST_COMPLETE ->
                List.of(new Membership.Standing(HERE, null, false, false, true, false));
            case UNRECORDED_AND_SUSPENDED -> List.of(new Membership.Standing(HERE, null, false, true, false, false));
            case UNRECORDED_AND_UNSETTLED -> List.of(new Membership.Standing(HERE, null, false, false, false, true));
            case MEMBER, MEMBER_AND_POLICE_BY_THE_TOKEN_ALONE ->
                List.of(new Membership.Standing(HERE, roles, false, false, false, false));
            case MEMBER_OF_TWO -> List.of(elsewhere, new Membership.Standing(HERE, roles, false, false, false, false));
            case MEMBER_AND_THE_LIST_COMPLETE ->
                List.of(new Membership.Standing(HERE, roles, false, false, true, false));
            case MEMBER_AND_POLICE_BY_THE_RECORD_ALONE ->
                List.of(new Membership.Standing(HERE, policeToo(roles), false, false, false, false));
            case MEMBER_AND_SUSPENDED -> List.of(new Membership.Standing(HERE, roles, false, true, false, false));
            case MEMBER_AND_UNSETTLED -> List.of(new Membership.Standing(HERE, roles, false, false, false, true));
            case MEMBER_WITHOUT_THESE_ROLES -> {
                Set<Role> others = EnumSet.allOf(Role.class);
                others.removeAll(roles);
                yield List.of(new Membership.Standing(HERE, others, false, false, false, false));
            }
            case MEMBER_OF_ANOTHER_ONLY ->
                List.of(elsewhere, new Membership.Standing(HERE, null, false, false, false, false));
            case REMOVED -> List.of(new Membership.Standing(HERE, Set.of(), true, false, false, false));
            case REMOVED_AND_MEMBER_OF_ANOTHER ->
                List.of(elsewhere, new Membership.Standing(HERE, Set.of(), true, false, false, false));
        };
    }

    private static List<Set<Role>> roleSets() {
        List<Set<Role>> sets = new ArrayList<>();
        for (Role one : Role.values()) {
            for (Role other : Role.values()) {
                if (one.ordinal() <= other.ordinal()) {
                    sets.add(EnumSet.of(one, other));
                }
            }
        }
        return sets;
    }

    /** Commands are sent only by those who may never give them: a sample changes nothing. */
    @Test
    void aSampleOverHttpAgrees() {
        long seed = Long.getLong("passerelle.matrix.seed", System.nanoTime());
        List<Map.Entry<Row, Role>> requests = new ArrayList<>();
        for (Row row : oracle.values()) {
            for (Role role : Role.values()) {
                if (!row.open()
                        && !pages().contains(row.operation())
                        && (row.operation().startsWith("GET ") || !row.ever(Set.of(role)))) {
                    requests.add(Map.entry(row, role));
                }
            }
        }
        Collections.shuffle(requests, new Random(seed));
        Map<String, Integer> wrong = new LinkedHashMap<>();
        List<Map.Entry<Row, Role>> sample = requests.subList(0, Math.min(SAMPLE, requests.size()));
        for (Map.Entry<Row, Role> one : sample) {
            int status = send(one.getKey().operation(), one.getValue());
            if (status == 415) {
                // Refused for its form, before anybody was asked who it is.
                continue;
            }
            boolean forbidden = status == 403;
            if (status == 401 || status >= 500 || forbidden == one.getKey().ever(Set.of(one.getValue()))) {
                wrong.put(one.getKey().operation() + " by " + one.getValue(), status);
            }
        }
        System.out.printf("matrix %s: %d requests over HTTP, seed %d%n", service, sample.size(), seed);
        assertThat(wrong).as("seed %d", seed).isEmpty();
    }

    private static int send(String operation, Role role) {
        String[] parts = operation.split(" ", 2);
        String path = parts[1].replaceAll("\\{(code|caseCode)}", "4829-1370-6158")
                .replaceAll(
                        "\\{(id|consentId|holdId|glassId|handOverId)}",
                        UUID.randomUUID().toString())
                .replace("{seq}", "1")
                .replaceAll("\\{[a-z]+}", "x");
        return given().auth()
                .oauth2(Tokens.of("matrix-" + role.code(), List.of(role.code()), HERE))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .contentType("application/json")
                .redirects()
                .follow(false)
                .request(parts[0], path)
                .statusCode();
    }

    /** The action that each endpoint is, by operation as in the document. */
    private Map<String, String> actions() {
        Map<String, String> actions = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.passerelle." + service, "org.passerelle.edge")) {
            if (!type.isAnnotatedWith(Path.class)) {
                continue;
            }
            for (JavaMethod method : type.getMethods()) {
                method(method).ifPresent(verb -> {
                    String own = method.isAnnotatedWith(Path.class)
                            ? "/" + method.getAnnotationOfType(Path.class).value()
                            : "";
                    String path = type.getAnnotationOfType(Path.class).value() + own;
                    actions.put(
                            operation(verb, path),
                            method.getAnnotationOfType(AccessTo.class).value());
                });
            }
        }
        return actions;
    }

    private static Optional<String> method(JavaMethod method) {
        return method.getAnnotations().stream()
                .filter(annotation -> annotation.getRawType().isAnnotatedWith(HttpMethod.class))
                .map(annotation -> annotation.getRawType().getSimpleName())
                .findFirst();
    }

    private static String operation(String method, String path) {
        String plain = ("/" + path)
                .replaceAll("/+", "/")
                .replaceAll("\\{([a-zA-Z]+):[^}]*}", "{$1}")
                .replaceAll("(?<=.)/$", "");
        return method.toUpperCase(Locale.ROOT) + " " + plain;
    }
}
