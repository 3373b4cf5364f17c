package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.AccessPolicy;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Decision;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.MatrixBattery;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.identification.caselist.CaseList.Ties;
import org.passerelle.identification.reading.CaseAccess;

/** Here relation and consent meet: what {@link CaseAccess} makes of them is compared too, and real cases over HTTP. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("matrix")
class MatrixTest extends MatrixBattery {

    private static final Set<String> OF_NO_ONE_CASE = Set.of("case.detect", "case.list");

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    MatrixTest() {
        super("identification");
    }

    @Override
    protected FieldMask decide(
            Caller caller,
            String action,
            Relation relation,
            boolean withheldFromAuthorities,
            boolean withheldFromTheOrganisation,
            boolean silent) {
        boolean ofACase = action.equals("access.read")
                || action.equals("glass.read")
                || action.equals("glass.review")
                || action.startsWith("case.") && !OF_NO_ONE_CASE.contains(action);
        if (!ofACase) {
            return super.decide(caller, action, relation, withheldFromAuthorities, withheldFromTheOrganisation, silent);
        }
        return CaseAccess.decide(
                        new Ties(
                                EnumSet.of(relation, Relation.NONE),
                                withheldFromAuthorities,
                                withheldFromTheOrganisation),
                        caller,
                        one -> AccessPolicy.shipped().decide(caller, action, one, silent))
                .map(Decision::mask)
                .orElse(FieldMask.NOTHING);
    }

    @Override
    protected Set<Relation> byRole(Set<Role> roles) {
        return roles.contains(Role.COORDINATOR) || roles.contains(Role.LOCAL_COORDINATOR)
                ? Set.of(Relation.COORDINATING)
                : Set.of();
    }

    @Override
    protected boolean looksAtConsent() {
        return true;
    }

    /** A case in one state of consent, with its owner, a provider and a stranger. */
    private record Played(Identification world, String code, boolean consented, boolean withheld) {

        String organisation(Relation relation) {
            return switch (relation) {
                case OWNING -> world.owner;
                case PROVIDING -> world.shelter;
                case OFFERED, HAS_PROVIDED, SUPERVISING, COORDINATING, BREAKING_GLASS, NONE ->
                    UUID.nameUUIDFromBytes(code.getBytes(StandardCharsets.UTF_8))
                            .toString();
            };
        }
    }

    @Test
    void realCasesAreGivenOutAsTheTableSays() {
        Map<String, Object> wrong = new LinkedHashMap<>();
        int requests = 0;
        for (Played played : new Played[] {play(false, false), play(true, false), play(true, true)}) {
            for (Relation relation : new Relation[] {Relation.OWNING, Relation.PROVIDING, Relation.NONE}) {
                for (Role role : Role.values()) {
                    for (String rest : new String[] {"", "/slice", "/access", "/erasure"}) {
                        String operation = "GET /cases/" + (rest.equals("/access") ? "{code}" : "{caseCode}") + rest;
                        FieldMask expected = expected(operation, role, relation, played.withheld());
                        if (rest.equals("/slice") && !played.consented()) {
                            expected = FieldMask.NOTHING;
                        }
                        Response answer = played.world()
                                .as(role.code(), played.organisation(relation))
                                .get("/cases/" + played.code() + rest + "?masked=false");
                        requests++;
                        if (!agrees(expected, rest, answer)) {
                            wrong.put(
                                    operation + " by " + role + ", " + relation + ", consented " + played.consented()
                                            + ", withheld " + played.withheld() + ", not " + expected,
                                    answer.statusCode());
                        }
                    }
                }
            }
        }
        System.out.printf("matrix identification: %d requests about real cases%n", requests);
        assertThat(wrong).isEmpty();
    }

    private static boolean agrees(FieldMask expected, String rest, Response answer) {
        if (expected == FieldMask.NOTHING) {
            return (answer.statusCode() == 403 || answer.statusCode() == 404)
                    && !answer.asString().contains("Espérance");
        }
        boolean named = answer.asString().contains("Espérance");
        boolean mayBeNamed = expected.covers(FieldMask.SLICE) && (rest.isEmpty() || rest.equals("/slice"));
        return answer.statusCode() == 200 && named == mayBeNamed;
    }

    private Played play(boolean consented, boolean withheld) {
        Identification world = new Identification();
        String code = world.detect();
        if (consented) {
            String consent = withheld
                    ? Identification.CONSENT.replace("\"authorities\": false", "\"authorities\": true")
                    : Identification.CONSENT;
            post(world.asFieldWorker(), "/cases/" + code + "/consents", consent)
                    .then()
                    .statusCode(201);
        }
        String need = world.need(code);
        Map<String, String> offer = Map.of(
                "referralId",
                need,
                "organisation",
                world.shelter,
                "offerId",
                UUID.randomUUID().toString());
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish("service-offered", code, offer);
            referral.publish("offer-accepted", code, offer);
        }
        // The owner sees when the acceptance has arrived.
        Patience.until(() -> "providing"
                .equals(world.asCaseWorker()
                        .get("/cases/" + code)
                        .jsonPath()
                        .getString("needs[0].providers[0].standing")));
        return new Played(world, code, consented, withheld);
    }
}
