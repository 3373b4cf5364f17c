package org.passerelle.identification.needs.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.edge.CountryPacks;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedClocks;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;

class CountriesTest {

    private static final NeedClocks CONFIGURED =
            new NeedClocks(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void theCountriesOfTheMechanismHavePacks_othersTheConfiguration() {
        Countries countries = countries(null);
        for (String place : new String[] {"BI-BM", "BF-03", "GN-C", "EC-P", "PE-LIM"}) {
            Need need = stated(countries, place, ServiceType.SAFE_SHELTER, false);
            assertThat(need.pack()).isEqualTo(place.substring(0, 2) + " 2026-11-1");
            assertThat(need.dueAt()).isEqualTo(NOW.plus(Duration.ofHours(72)));
        }
        Need elsewhere = stated(countries, "NG-LA", ServiceType.SAFE_SHELTER, false);
        assertThat(elsewhere.pack()).isEqualTo("configuration");
        assertThat(elsewhere.dueAt()).isEqualTo(NOW.plus(Duration.ofHours(2)));
    }

    @Test
    void onlyWhereATextSaysSoIsSomebodyReported_andOnlyToThePolice() {
        Countries countries = countries(null);
        assertThat(stated(countries, "EC-P", ServiceType.POLICE, true).reportedUnder())
                .contains("art. 17", "2003-01-03");
        assertThat(stated(countries, "EC-P", ServiceType.POLICE, false).reportedUnder())
                .isNull();
        assertThat(stated(countries, "EC-P", ServiceType.MEDICAL, true).reportedUnder())
                .isNull();
        assertThat(stated(countries, "BI-BM", ServiceType.POLICE, true).reportedUnder())
                .isNull();
    }

    @Test
    void anOperatorsOwnPackCountsInstead() throws IOException {
        write("BI", """
                {"country": "BI", "version": "2027-01-2",
                 "needClocks": {"emergency": "PT12H", "urgent": "PT48H", "normal": "P7D"},
                 "dutyToReport": {"adults": {"text": "Loi inventée, art. 1", "dated": "2027-01-01"}}}""");
        Need need = stated(countries(folder), "BI-BM", ServiceType.POLICE, false);
        assertThat(need.pack()).isEqualTo("BI 2027-01-2");
        assertThat(need.dueAt()).isEqualTo(NOW.plus(Duration.ofHours(48)));
        assertThat(need.reportedUnder()).isEqualTo("Loi inventée, art. 1 (2027-01-01)");
    }

    @Test
    void aPackThatCannotBeReadStopsTheStart() throws IOException {
        refused("{\"country\": \"BI\", \"version\": \"2027-01-2\", \"needClock\": {}}", "unknown section: needClock");
        refused("{\"country\": \"BI\"}", "version");
        refused("{\"country\": \"PE\", \"version\": \"2027-01-2\"}", "country");
        refused("{\"country\": \"BI\", ", "not JSON");
        refused(
                "{\"country\": \"BI\", \"version\": \"2027-01-2\","
                        + " \"needClocks\": {\"emergency\": \"PT80H\", \"urgent\": \"PT48H\", \"normal\": \"P7D\"}}",
                "needClocks");
        refused(
                "{\"country\": \"BI\", \"version\": \"2027-01-2\","
                        + " \"dutyToReport\": {\"minors\": {\"text\": \" \", \"dated\": \"2027-01-01\"}}}",
                "dutyToReport");
        refused(
                "{\"country\": \"BI\", \"version\": \"2027-01-2\","
                        + " \"dutyToReport\": {\"minors\": {\"text\": \"Loi sans date\"}}}",
                "dutyToReport");
    }

    private void refused(String pack, String why) throws IOException {
        write("BI", pack);
        assertThatThrownBy(() -> countries(folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
    }

    private void write(String country, String pack) throws IOException {
        Files.writeString(folder.resolve(country + ".json"), pack);
    }

    private static Countries countries(@Nullable Path folder) {
        return new Countries(CountryPacks.read(folder), CONFIGURED);
    }

    private static Need stated(Countries countries, String place, ServiceType service, boolean child) {
        Place where = Place.of(place);
        return Need.stated(new NeedId(new UUID(0, 1)), service, Urgency.URGENT, where, child, NOW, countries.of(where));
    }
}
