package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("road")
class StartPageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private final RunningPlatform platform = RunningPlatform.get();
    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    @Test
    void itIsFrenchUnlessAskedForSpanishOrEnglish() throws Exception {
        assertThat(page("/", "")).contains("lang=\"fr\"");
        assertThat(page("/", "de")).contains("lang=\"fr\"");
        assertThat(page("/", "es-EC,es;q=0.9")).contains("lang=\"es\"");
        assertThat(page("/", "en-GB")).contains("lang=\"en\"");
    }

    @Test
    void itLeadsToTheFourDescriptionsOfTheInterfacesAndTheirTryItPages() throws Exception {
        var start = page("/", "fr");
        for (String service : RunningPlatform.SERVICES) {
            assertThat(start).contains("/" + service + "/openapi").contains("/" + service + "/try");
            assertThat(page("/" + service + "/openapi", "fr")).contains("openapi:", "/" + service + "/");
            assertThat(page("/" + service + "/try", "fr")).containsIgnoringCase("swagger");
        }
    }

    @Test
    void itSaysWhoCanLogIn() throws Exception {
        assertThat(page("/", "fr")).contains("terrain-bujumbura", "statistiques");
    }

    @Test
    void aBrowserShowsIt() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(CHROMIUM), "no chromium on this machine: no picture of the start page");
        var picture = RunningPlatform.root().resolve("acceptance/target/start-page.png");
        Files.createDirectories(picture.getParent());
        var profile = Files.createTempDirectory("passerelle-browser-");
        var browser = new ProcessBuilder(
                        CHROMIUM.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--window-size=1100,1400",
                        "--screenshot=" + picture,
                        platform.gateway() + "/")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("browser.log").toFile())
                .start();
        assertThat(browser.waitFor(60, TimeUnit.SECONDS))
                .as("the browser ended")
                .isTrue();
        assertThat(Files.size(picture)).as("bytes of the picture").isGreaterThan(10_000);
    }

    private String page(String path, String language) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(platform.gateway().resolve(path))
                        .header("Accept-Language", language)
                        .header("Accept", "text/html, */*")
                        .build(),
                BodyHandlers.ofString());
        assertThat(List.of(200)).as(path).contains(answer.statusCode());
        return answer.body();
    }
}
