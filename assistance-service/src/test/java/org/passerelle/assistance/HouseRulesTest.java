package org.passerelle.assistance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.ws.rs.GET;
import java.time.Clock;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.testkit.EndpointRules;

/** The rules of the house, each with a fixture that breaks it. */
class HouseRulesTest {
    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.passerelle.assistance");
    private static final Pattern REFUSED =
            Pattern.compile("(?:Refusal\\.of|BadRequest)\\((?:\\d+, |\\w+ \\? )?\"([a-z-]+)\"(?: : \"([a-z-]+)\")?");

    @Test
    void deciders_are_pure() {
        EndpointRules.pure("org.passerelle.assistance.plan").check(SERVICE);
    }

    @Test
    void a_decider_that_logs_is_found() {
        ArchRule rule = EndpointRules.pure("org.passerelle.assistance");
        JavaClasses fixture = new ClassFileImporter().importClasses(Talkative.class);
        assertThatThrownBy(() -> rule.check(fixture)).isInstanceOf(AssertionError.class);
    }

    static final class Talkative {
        private static final Logger LOG = Logger.getLogger(Talkative.class);

        void decide(Clock clock) {
            LOG.info(clock.instant());
        }
    }

    @Test
    void every_endpoint_makes_an_access_decision() {
        EndpointRules.everyEndpointMakesAnAccessDecision().check(SERVICE);
    }

    @Test
    void an_endpoint_without_one_or_with_one_that_the_policy_does_not_know_is_found() {
        ArchRule rule = EndpointRules.everyEndpointMakesAnAccessDecision();
        for (Class<?> fixture : new Class<?>[] {Undecided.class, Misspelt.class}) {
            JavaClasses classes = new ClassFileImporter().importClasses(fixture);
            assertThatThrownBy(() -> rule.check(classes)).isInstanceOf(AssertionError.class);
        }
    }

    static final class Undecided {
        @GET
        public String plans() {
            return "";
        }
    }

    static final class Misspelt {
        @GET
        @AccessTo("plan.lits")
        public String plans() {
            return "";
        }
    }

    @Test
    void every_refusal_has_its_words_in_three_languages() throws java.io.IOException {
        var codes = new TreeSet<String>();
        try (var sources = java.nio.file.Files.walk(java.nio.file.Path.of("src/main/java"))) {
            for (var source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                var refusals = REFUSED.matcher(java.nio.file.Files.readString(source));
                while (refusals.find()) {
                    codes.add(refusals.group(1));
                    if (refusals.group(2) != null) {
                        codes.add(refusals.group(2));
                    }
                }
            }
        }
        assertThat(codes).contains("referral-open", "service-ended", "service-not-agreed");
        for (String language : new String[] {"fr", "es", "en"}) {
            var words = new Properties();
            try (var in = getClass().getResourceAsStream("/problems_" + language + ".properties")) {
                words.load(new java.io.InputStreamReader(in, java.nio.charset.StandardCharsets.UTF_8));
            }
            assertThat(words.stringPropertyNames()).as(language).containsAll(codes);
        }
    }
}
