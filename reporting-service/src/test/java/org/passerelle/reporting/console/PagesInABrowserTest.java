package org.passerelle.reporting.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.reporting.ToldCase;
import org.passerelle.reporting.TopicsAndTokens;
import org.passerelle.reporting.language.Language;

/** The pages as people meet them: a real browser, the real login page. Pictures are left in target/pages. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("console")
class PagesInABrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target/pages");
    private static final int WIDE = 1280;
    /** The narrowest phone that is served. */
    private static final int NARROW = 360;

    private static @Nullable Playwright playwright;
    private static @Nullable Browser browser;

    @TestHTTPResource("/")
    URI root;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private BrowserContext context;

    @SuppressWarnings("NullAway.Init")
    PagesInABrowserTest() {}

    @BeforeAll
    static void launch() {
        Assumptions.assumeTrue(
                Files.isExecutable(CHROMIUM), "skipped: there is no browser at " + CHROMIUM + " on this machine");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void quit() {
        if (browser != null) {
            browser.close();
        }
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void open() {
        context = visitor(Language.FRENCH, WIDE);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void the_start_page_says_what_this_is_in_the_browsers_language_and_has_no_barrier() {
        for (Language language : Language.values()) {
            for (int width : List.of(WIDE, NARROW)) {
                try (BrowserContext visitor = visitor(language, width)) {
                    Page page = visitor.newPage();
                    page.navigate(root.toString());

                    assertThat(page.locator("html").getAttribute("lang")).isEqualTo(language.code());
                    assertThat(page.locator("h1").textContent())
                            .isEqualTo(Words.in(language).say("start.title"));
                    assertFitsAndHasNoBarrier(page, "start-" + language.code() + "-" + width);
                }
            }
        }
    }

    @Test
    void the_start_page_links_the_four_interfaces_and_the_funnel() {
        Page page = context.newPage();
        page.navigate(root.toString());

        List<String> targets = page.locator("main a").all().stream()
                .map(link -> link.getAttribute("href"))
                .toList();

        assertThat(targets).contains("/reporting/pages/funnel");
        for (String service : List.of("identification", "referral", "assistance", "reporting")) {
            assertThat(targets).contains("/" + service + "/openapi", "/" + service + "/try");
        }
    }

    @Test
    void the_language_switch_is_remembered() {
        Page page = context.newPage();
        page.navigate(root.toString());

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Español"))
                .click();
        assertThat(page.locator("h1").textContent())
                .isEqualTo(Words.in(Language.SPANISH).say("start.title"));
        page.navigate(root.toString());

        assertThat(page.locator("html").getAttribute("lang")).isEqualTo("es");
    }

    @Test
    void whoever_may_count_logs_in_by_choosing_a_name_and_sees_the_funnel() throws InterruptedException {
        tellSomeCases();
        for (Language language : Language.values()) {
            for (int width : List.of(WIDE, NARROW)) {
                try (BrowserContext visitor = visitor(language, width)) {
                    Page page = funnel(visitor, "statistiques", "?from=2022-09&to=2023-02");

                    assertThat(page.locator("html").getAttribute("lang")).isEqualTo(language.code());
                    assertThat(page.locator("svg.chart text.number").allTextContents())
                            .containsExactly("7", "5", "5", "7", "5", "5", "5");
                    assertThat(page.locator("table")
                                    .first()
                                    .locator("td:nth-child(2)")
                                    .allTextContents())
                            .as("the table has the numbers of the chart")
                            .containsExactly("7", "5", "5", "7", "5", "5", "5");
                    assertFitsAndHasNoBarrier(page, "funnel-" + language.code() + "-" + width);
                }
            }
        }
    }

    @Test
    void the_filter_narrows_by_month_and_place_and_says_in_words_when_nothing_is_there() throws InterruptedException {
        tellSomeCases();
        Page page = funnel(context, "statistiques", "?from=2022-09&to=2023-02");

        page.getByLabel("Lieu", new Page.GetByLabelOptions().setExact(true)).selectOption("BI-GI");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Afficher"))
                .click();

        assertThat(page.url()).contains("place=BI-GI");
        assertThat(page.locator("svg.chart text.number").first().textContent()).isEqualTo("2");

        page.navigate(root + "pages/funnel?from=2001-01&to=2001-02&place=BI-GI");
        assertThat(page.locator(".empty").textContent())
                .isEqualTo(Words.in(Language.FRENCH).say("funnel.empty"));
        assertFitsAndHasNoBarrier(page, "funnel-empty");

        page.navigate(root + "pages/funnel?from=2023-02&to=2022-09");
        assertThat(page.locator(".errors a").getAttribute("href")).isEqualTo("#from");
        assertFitsAndHasNoBarrier(page, "funnel-error");
    }

    @Test
    void whoever_may_count_sees_how_far_the_police_and_other_countries_came() {
        tellSomeInvestigations();
        for (Language language : Language.values()) {
            for (int width : List.of(WIDE, NARROW)) {
                try (BrowserContext visitor = visitor(language, width)) {
                    Page page = funnel(visitor, "statistiques", "");
                    page.navigate(root + "pages/outcomes?from=2018-05&to=2018-06");
                    for (int tries = 0; tries < 100 && page.locator("svg.chart").count() == 0; tries++) {
                        page.waitForTimeout(100);
                        page.reload();
                    }

                    assertThat(page.locator("section h3").allTextContents())
                            .containsExactly(
                                    Words.in(language).word("register", "investigations"),
                                    Words.in(language).word("register", "hand-overs"),
                                    Words.in(language).word("register", "arrivals"));
                    assertThat(page.locator("section p:not(.hint)").allTextContents())
                            .as("of the two other registers nothing was told")
                            .containsExactly(
                                    Words.in(language).say("outcomes.none"),
                                    Words.in(language).say("outcomes.none"));
                    assertThat(page.locator("svg.chart text.number").allTextContents())
                            .as("the chart has the numbers of the table's last line")
                            .containsExactlyElementsOf(page.locator("tbody tr")
                                    .last()
                                    .locator("td")
                                    .allTextContents())
                            .startsWith("2");
                    assertFitsAndHasNoBarrier(page, "outcomes-" + language.code() + "-" + width);
                    page.navigate(root + "pages/outcomes?from=2023-02&to=2022-09");
                    assertThat(page.locator(".errors a").getAttribute("href")).isEqualTo("#from");
                }
            }
        }
    }

    @Test
    void somebody_of_another_role_is_told_so_in_words_and_can_log_out() {
        Page page = funnel(context, "terrain-gitega", "");

        assertThat(page.locator("main").textContent())
                .contains(Words.in(Language.FRENCH).say("problem.forbidden"));
        assertThat(page.locator("svg.chart").count()).isZero();
        assertFitsAndHasNoBarrier(page, "forbidden");

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Se déconnecter"))
                .click();
        page.waitForURL(url -> url.startsWith(root.toString()) && !url.contains("/pages/"));
        page.navigate(root + "pages/funnel");
        assertThat(page.locator("button[name=username]").count()).isPositive();
    }

    @Test
    void the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        funnel(context, "statistiques", "");

        List<Cookie> sessions = context.cookies().stream()
                .filter(cookie -> cookie.name.startsWith("q_session"))
                .toList();

        assertThat(sessions).isNotEmpty().allSatisfy(cookie -> {
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);
        });
    }

    @Test
    void pages_allow_no_script_and_load_nothing_from_elsewhere() {
        Page page = context.newPage();
        var response = page.navigate(root.toString());

        assertThat(response.headerValue("content-security-policy"))
                .contains("default-src 'none'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe-inline", "script-src");
        assertThat(page.locator("script, [style], [onclick], style").count()).isZero();
    }

    private BrowserContext visitor(Language language, int width) {
        if (browser == null) {
            throw new IllegalStateException("no browser");
        }
        return browser.newContext(new Browser.NewContextOptions()
                .setLocale(language.code())
                .setJavaScriptEnabled(true)
                .setViewportSize(width, 800));
    }

    private Page funnel(BrowserContext visitor, String username, String query) {
        Page page = visitor.newPage();
        page.navigate(root + "pages/funnel" + query);
        page.locator("button[value='" + username + "']").click();
        page.waitForURL(url -> url.startsWith(root + "pages/funnel") && !url.contains("code="));
        return page;
    }

    /** Five whole roads in November 2022 in Bujumbura, two people only referred in Gitega; told once for all tests. */
    private void tellSomeCases() throws InterruptedException {
        if (told) {
            return;
        }
        Instant november = Instant.parse("2022-11-10T08:00:00Z");
        try (TopicsAndTokens topics = new TopicsAndTokens(bootstrapServers)) {
            List<ToldCase> cases = Stream.concat(
                            Stream.generate(() -> ToldCase.wholeRoad(TopicsAndTokens.newCode(), november))
                                    .limit(5),
                            Stream.generate(() -> new ToldCase(TopicsAndTokens.newCode(), november)
                                            .detected("BI-GI")
                                            .need("n1")
                                            .requested("n1"))
                                    .limit(2))
                    .toList();
            for (ToldCase one : cases) {
                topics.publish(one.arrivingAnyhow(new Random()));
            }
            for (ToldCase one : cases) {
                TopicsAndTokens.awaitTimeline(one.code(), one.entries().size());
            }
        }
        told = true;
    }

    private static boolean told;

    /** Two in May 2018, of which one was refused and the other came to court a month later. */
    private void tellSomeInvestigations() {
        String[][] steps = {{"investigation", "refused"}, {"investigation", "prosecution"}};
        Instant may = Instant.parse("2018-05-10T08:00:00Z");
        try (TopicsAndTokens topics = new TopicsAndTokens(bootstrapServers)) {
            for (String[] of : steps) {
                String referral = UUID.randomUUID().toString();
                String code = TopicsAndTokens.newCode();
                for (int month = 0; month < of.length; month++) {
                    topics.service("referral")
                            .publish(
                                    "investigation-reported",
                                    code,
                                    Map.of("referralId", referral, "step", of[month]),
                                    may.plus(Duration.ofDays(30L * month)));
                }
            }
        }
    }

    private static void assertFitsAndHasNoBarrier(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true));
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .as("%s fits its window", name)
                .isTrue();
        var violations = new AxeBuilder(page)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                .analyze()
                .getViolations();
        assertThat(violations)
                .as(name)
                .extracting(violation -> violation.getId() + ": " + violation.getHelp() + " "
                        + violation.getNodes().stream()
                                .map(node -> node.getHtml())
                                .toList())
                .isEmpty();
    }
}
