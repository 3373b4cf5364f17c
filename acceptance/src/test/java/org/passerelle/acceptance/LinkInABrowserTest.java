package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.PlatformClient;
import org.passerelle.local.demonstration.Road;

/** Somebody of a service without account opens the link on a telephone, from the code to the report. */
@Tag("links")
class LinkInABrowserTest {
    private static final String CASE_WORKER = "dossiers-bujumbura";
    private static final String PLACE = "BI-BM";

    private final RunningPlatform platform = RunningPlatform.get();

    @Test
    void aServiceWithoutAccountAnswersAndReportsByALink() throws Exception {
        assumeTrue(Files.isExecutable(Browser.CHROMIUM), "no chromium on this machine: the link is not walked");
        var client = platform.client();
        var cast = Cast.load();
        var road = new Road(client, cast, RunningPlatform.newKey());
        var finder = cast.person("terrain-bujumbura");
        var caseWorker = cast.person(CASE_WORKER);
        var code = road.detect(finder, Cases.detection(PLACE));
        road.consent(finder, code, Cases.consentToAnybody());
        var referral = road.stateNeed(finder, code, "MEDICAL", "urgent", PLACE);
        road.offered(caseWorker, referral, Set.of());
        var path = "/referral/referrals/" + referral;
        JsonNode link = client.change(CASE_WORKER, path + "/links", path, Map.of(), RunningPlatform.newKey())
                .body();

        Path pictures = RunningPlatform.root().resolve("acceptance/target/links");
        try (var browser = new Browser("fr-FR")) {
            browser.open(platform.gateway().resolve(link.path("path").asText()));
            assertThat(browser.text()).contains("code").doesNotContain("soins médicaux");
            browser.picture(pictures.resolve("1-door.png"));
            browser.type("#code", link.path("code").asText());
            browser.press("button[value=look]");
            browser.awaits("soins médicaux");
            assertThat(browser.text()).doesNotContain("Fabiola").doesNotContain("fontaine");
            browser.picture(pictures.resolve("2-summary.png"));
            browser.press("button[value=accept]");
            browser.awaits("rencontrez la personne");
            browser.picture(pictures.resolve("3-accepted.png"));
            browser.press("button[value=full]");
            browser.awaits("Merci");
            browser.picture(pictures.resolve("3-full.png"));
            browser.type("input[name=places]", "400");
            browser.press("button[value=places]");
            browser.awaits("place 400");
            browser.press("button[value=agreed]");
            browser.awaits("dans les deux minutes");
            assertThat(browser.text()).doesNotContain("Fabiola");
            browser.picture(pictures.resolve("4-before-the-slice.png"));
            awaitHeard(client, code);
            browser.press("button");
            browser.awaits("Voir le nom et le contact");
            assertThat(browser.text()).doesNotContain("Fabiola").contains(code);
            browser.picture(pictures.resolve("5-slice.png"));
            browser.press("button[value=names]");
            browser.awaits("Fabiola");
            assertThat(browser.text()).doesNotContain("fontaine");
            browser.picture(pictures.resolve("6-slice-with-names.png"));

            browser.open(platform.gateway().resolve(link.path("path").asText()));
            browser.type("#code", link.path("code").asText());
            browser.press("button[value=look]");
            browser.awaits("rencontrez la personne");
            browser.press("button[value=first-contact]");
            browser.awaits("Service en cours");
            browser.type("textarea", "Soins donnés.");
            browser.picture(pictures.resolve("7-report.png"));
            browser.press("button[value=complete]");
            browser.awaits("Terminé");
            browser.picture(pictures.resolve("8-over.png"));
        }
        assertThat(client.read(CASE_WORKER, path).body().path("state").asText()).isEqualTo("completed");
        JsonNode looks =
                client.read(CASE_WORKER, "/referral/cases/" + code + "/access").body();
        assertThat(looks.path("looks").findValuesAsText("issuer"))
                .as("looks by the link are on record")
                .contains("link");
        JsonNode read = client.read(CASE_WORKER, "/identification/cases/" + code + "/access")
                .body();
        assertThat(read.path("looks").findValuesAsText("issuer"))
                .as("and what was read of the person, without names and with them")
                .filteredOn("link"::equals)
                .hasSize(2);
    }

    /** That the yes has reached the service which serves the slice; somebody who reads what stands above the button waits longer. */
    private static void awaitHeard(PlatformClient client, String code) throws InterruptedException {
        for (int tries = 0; tries < 100; tries++) {
            if (client.read(CASE_WORKER, "/identification/cases/" + code)
                    .body()
                    .findValuesAsText("standing")
                    .contains("providing")) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the acceptance was not heard");
    }
}
