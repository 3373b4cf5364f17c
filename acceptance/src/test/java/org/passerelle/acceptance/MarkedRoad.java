package org.passerelle.acceptance;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.Demo;
import org.passerelle.local.demonstration.PlatformClient;
import org.passerelle.local.demonstration.Road;

/** Two invented people with unmistakable words in every personal field and in every note, who walked the whole road. */
final class MarkedRoad {
    static final String CASE_WORKER = "dossiers-bujumbura";

    /** Of the hospital's; has nothing to do with the case. */
    private static final String DOCTOR = "accueil-hopital-plateau";

    private static final String FINDER = "terrain-bujumbura";
    private static final String PLACE = "BI-BM";

    /** Sent to identification, where they may stay, sealed. */
    final Marks person = new Marks();
    /** Free text that somebody writes to another service about its own work; it may stay there, sealed. */
    final Marks notes = new Marks();

    /** Why somebody read the case in an emergency: it stays in identification, sealed. */
    final Marks emergencies = new Marks();

    /** What routing says of a service that cannot take the second person in her circumstance: it stays in referral, sealed. */
    final Marks verdicts = new Marks();

    final Map<String, Object> fields;
    /** Of whom every field was filled. */
    final String code;
    /** About whom every note was written. */
    final String noted;
    /** The need of the second one, which a circumstance was said with. */
    private String need = "";

    private final PlatformClient client;

    MarkedRoad(PlatformClient client) {
        this.client = client;
        var phone = "+2577" + ThreadLocalRandom.current().nextLong(1_000_000, 9_999_999);
        fields = Map.of(
                "givenName", person.in("givenName", "Ngoma"),
                "familyName", person.in("familyName", "Rutare"),
                "phone", person.remember("phone", phone),
                "address", person.in("address", "Sentier"),
                "exactPlace", person.in("exactPlace", "Kiosque"),
                "account", person.in("account", "Recit"));
        code = new Demo(client, "fr", Clock.systemUTC(), line -> {}, step -> {}, fields)
                .play(RunningPlatform.newKey())
                .caseCode();
        noted = notesAreWritten();
    }

    /** Free text goes to referral and to assistance as well, beside the road that the demo plays. */
    private String notesAreWritten() {
        var cast = Cast.load();
        var road = new Road(client, cast, RunningPlatform.newKey());
        var finder = cast.person(FINDER);
        var caseWorker = cast.person(CASE_WORKER);
        var mine = road.detect(finder, Cases.detection(PLACE));
        road.consent(finder, mine, Cases.consentToAnybody());
        verdicts.remember("why a service was left out", "out.circumstances");
        listAServiceThatExcludes("pregnant");
        var referral = client.command(
                        FINDER,
                        "/identification/cases/" + mine + "/needs",
                        Map.of(
                                "service",
                                "MEDICAL",
                                "urgency",
                                "urgent",
                                "place",
                                PLACE,
                                "circumstances",
                                List.of("pregnant")),
                        RunningPlatform.newKey())
                .field("needId");
        need = referral;
        var path = "/referral/referrals/" + referral;

        var first = road.offered(caseWorker, referral, Set.of()).openOffer().orElseThrow();
        var decline = Map.of("offerId", first.id(), "reason", "other", "note", notes.in("note of a decline", "Nyumba"));
        client.change(
                cast.provider(first.organisation()).username(),
                path + "/decline",
                path,
                decline,
                RunningPlatform.newKey());
        var second = road.offered(caseWorker, referral, Set.of(first.id()))
                .openOffer()
                .orElseThrow();
        road.accept(second, referral);
        road.planned(caseWorker, mine, referral);
        var provider = cast.provider(second.organisation()).username();
        var delivery = Map.of(
                "referralId",
                referral,
                "service",
                "MEDICAL",
                "deliveredAt",
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                "note",
                notes.in("note of a delivery", "Umusozi"));
        client.command(provider, "/assistance/plans/" + mine + "/deliveries", delivery, RunningPlatform.newKey());
        var completion = Map.of("outcome", "got-help", "note", notes.in("note of a completion", "Umugezi"));
        client.change(provider, path + "/completion", path, completion, RunningPlatform.newKey());
        emergency(mine);
        return mine;
    }

    /** It has nothing free, so that no need of another test is offered to it. */
    private void listAServiceThatExcludes(String circumstance) {
        var organisation = UUID.randomUUID().toString();
        var service = UUID.randomUUID().toString();
        var location = UUID.randomUUID().toString();
        client.command(
                "coordination",
                "/referral/directory/imports",
                Map.of(
                        "organizations",
                        List.of(Map.of("id", organisation, "name", "Clinique inventée", "organization_type", "NGO")),
                        "services",
                        List.of(Map.of(
                                "id",
                                service,
                                "organization_id",
                                organisation,
                                "name",
                                "Consultations",
                                "status",
                                "active",
                                "taxonomy",
                                List.of("MEDICAL"),
                                "capacities",
                                List.of(Map.of(
                                        "available",
                                        0,
                                        "unit",
                                        Map.of("name", "consultation"),
                                        "updated",
                                        Instant.now().toString())),
                                "attributes",
                                List.of(Map.of(
                                        "taxonomy_term",
                                        Map.of("taxonomy", "passerelle-excludes", "code", circumstance))))),
                        "locations",
                        List.of(Map.of("id", location, "location_type", "physical", "iso_3166_2", PLACE)),
                        "service_at_locations",
                        List.of(Map.of(
                                "id", UUID.randomUUID().toString(), "service_id", service, "location_id", location))),
                RunningPlatform.newKey());
    }

    /** Why the second one's need went where it went, as the organisation that stated it reads it. */
    String explanation() {
        return client.read(CASE_WORKER, "/referral/referrals/" + need + "/routing")
                .text();
    }

    /** Somebody who has just logged in breaks the glass and reads; the owner's supervisor closes the review. */
    private void emergency(String mine) {
        var doctor = new PlatformClient(client.addresses(), client.patience());
        var path = "/identification/cases/" + mine + "/emergency-access";
        var glass = doctor.command(
                DOCTOR,
                path,
                Map.of("reason", "danger-to-life", "text", emergencies.in("text of an emergency", "Ibitaro")),
                RunningPlatform.newKey());
        doctor.read(DOCTOR, path);
        client.command(
                "supervision",
                "/identification/emergency-accesses/" + glass.field("glassId") + "/review",
                Map.of("finding", "justified", "text", emergencies.in("text of a review", "Isuzuma")),
                RunningPlatform.newKey());
    }

    /** Closes the case about which notes were written; the other one is closed at the end of its road. */
    void closeTheNoted() {
        var path = "/identification/cases/" + noted;
        client.await(
                CASE_WORKER,
                path,
                "its need to be settled",
                body -> body.path("needs").path(0).hasNonNull("settled"));
        client.change(
                CASE_WORKER, path + "/closure", path, Map.of("reason", "plan_completed"), RunningPlatform.newKey());
    }
}
