package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.local.Backends;
import org.passerelle.referral.directory.DirectoryStream;

/** A database from before the clocks of consents, and before younger migrations of the kernel, becomes one of today. */
class OlderDatabaseTest {

    private static final List<String> THEN = List.of(
            "db/eventstore/V1__event_store.sql",
            "db/migration/V100__referral.sql",
            "db/migration/V101__arrays_as_the_searches_ask.sql");

    private final String name = "older_" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void itsConsentsGetTheirClocks_andWhoWaitedIsLookedAt(@TempDir Path directory) throws IOException, SQLException {
        Backends backends = Backends.shared();
        backends.createDatabase(name);
        for (String script : THEN) {
            try (var in = getClass().getClassLoader().getResourceAsStream(script)) {
                Files.copy(in, directory.resolve(Path.of(script).getFileName()));
            }
        }
        flyway().locations("filesystem:" + directory).load().migrate();
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        try (var database = DriverManager.getConnection(backends.jdbcUrl(name), backends.user(), backends.password());
                var statement = database.createStatement()) {
            for (String ends : List.of("'" + end + "', false", "null, false", "'" + end + "', true")) {
                statement.execute("insert into case_consent (consent_id, case_code, scopes, any_recipient, recipients,"
                        + " withheld_from_authorities, withheld_from, valid_until, withdrawn) values"
                        + " (gen_random_uuid(), '4829-1370-6158', '{services}', true, '{}', false, '{}', " + ends
                        + ")");
            }

            statement.execute(
                    "insert into referral_view (referral_id, case_code, requested_by, service, urgency, place,"
                            + " age_band, sex, stated_at, due_at, state, version) values (gen_random_uuid(), '4829-1370-6158',"
                            + " gen_random_uuid(), 'LEGAL', 'NORMAL', 'BI-BM', '18-20', 'FEMININE', now(), now(), 'gap', 1)");

            UUID ended = UUID.randomUUID();
            statement.execute(
                    "insert into referral_view (referral_id, case_code, requested_by, service, urgency, place,"
                            + " age_band, sex, stated_at, due_at, state, version) values ('" + ended
                            + "', '4829-1370-6158', gen_random_uuid(), 'LEGAL', 'NORMAL', 'BI-BM', '18-20', 'FEMININE',"
                            + " now(), now(), 'completed', 1)");
            statement.execute(
                    "insert into offer_view (offer_id, referral_id, organisation_id, service_id, standing, offered_at,"
                            + " answer_by) values (gen_random_uuid(), '" + ended
                            + "', gen_random_uuid(), gen_random_uuid(), 'late', now(), now())");
            for (String task : List.of("late-acceptance", "no-consent")) {
                statement.execute("insert into task_view (referral_id, reason, case_code, requested_by, service, place,"
                        + " raised_at, settled_at) values ('" + ended + "', '" + task
                        + "', '4829-1370-6158', gen_random_uuid(), 'LEGAL', 'BI-BM', now(), now())");
            }

            Properties edge = settings();
            flyway().locations(edge.getProperty("quarkus.flyway.locations").split(","))
                    .outOfOrder(Boolean.parseBoolean(edge.getProperty("quarkus.flyway.out-of-order")))
                    .load()
                    .migrate();

            try (var clocks = statement.executeQuery("select d.stream_id, d.due_at, d.name = 'valid-until:' ||"
                    + " (select consent_id from case_consent where not withdrawn and valid_until is not null) as its_own"
                    + " from deadline d join stream s on s.id = d.stream_id where s.category = 'consent'")) {
                assertThat(clocks.next()).isTrue();
                assertThat(clocks.getString("stream_id")).isEqualTo("consent-4829-1370-6158");
                assertThat(clocks.getTimestamp("due_at").toInstant()).isEqualTo(end);
                assertThat(clocks.getBoolean("its_own")).isTrue();
                assertThat(clocks.next()).isFalse();
            }
            try (var looks = statement.executeQuery("select d.stream_id, d.name from deadline d"
                    + " join stream s on s.id = d.stream_id where s.category = '" + DirectoryStream.CHANGES + "'")) {
                assertThat(looks.next()).as("who waited is looked at").isTrue();
                assertThat(looks.getString("stream_id"))
                        .isEqualTo(DirectoryStream.changed(end).stream().toString());
                assertThat(looks.getString("name")).isEqualTo("changed");
                assertThat(looks.next()).isFalse();
            }
            try (var forgotten = statement.executeQuery("select t.reason, d.name from task_view t join deadline d"
                    + " on d.stream_id = 'referral-' || t.referral_id where t.settled_at is null")) {
                assertThat(forgotten.next())
                        .as("whoever keeps a place beside a referral that has ended is to be released")
                        .isTrue();
                assertThat(forgotten.getString("reason")).isEqualTo("late-acceptance");
                assertThat(forgotten.getString("name")).isEqualTo("decision");
                assertThat(forgotten.next()).isFalse();
            }
        }
    }

    /** Of every library on the class path; the edge's are among them. */
    private Properties settings() throws IOException {
        Properties all = new Properties();
        for (URL file :
                Collections.list(getClass().getClassLoader().getResources("META-INF/microprofile-config.properties"))) {
            try (var in = file.openStream()) {
                all.load(in);
            }
        }
        return all;
    }

    private FluentConfiguration flyway() {
        Backends backends = Backends.shared();
        return Flyway.configure().dataSource(backends.jdbcUrl(name), backends.user(), backends.password());
    }
}
