package org.passerelle.identification.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.identification.avoiding.Avoidance.AvoidedOrganisation;
import org.passerelle.identification.avoiding.Avoidance.AvoidedPlace;
import org.passerelle.identification.avoiding.WhyNot;
import org.passerelle.identification.casefile.CaseEvent.AvoidanceChanged;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.casefile.Histories;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.needs.Circumstance;
import org.passerelle.identification.needs.Leg;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.PackageId;

class CasePublishingTest {

    /** As the relay writes: without nulls, unless a record insists. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private static final Place FEARED = Place.of("BI-NG");
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final EllipticCurveJsonWebKey KEY = key();

    private static final CasePublishing PUBLISHING = publishing(OutputControlLevel.PUBLIC_ONLY);

    private static final List<PublicEvent> PUBLISHED = Histories.everything().stream()
            .map(PUBLISHING::translate)
            .flatMap(Optional::stream)
            .toList();

    private static EllipticCurveJsonWebKey key() {
        try {
            EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId("avoidance-2027");
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static OrganisationId organisation(int number) {
        return new OrganisationId(new UUID(1, number));
    }

    private static CasePublishing publishing(OutputControlLevel control) {
        return new CasePublishing(new SealedForReferral(Optional.of(new JsonWebKeySet(KEY).toJson(control))));
    }

    private static JsonNode told(CasePublishing publishing, AvoidanceChanged changed) {
        PublicEvent event = publishing.translate(Histories.stored(changed, 1)).orElseThrow();
        JsonNode data = JSON.valueToTree(event.data());
        assertThat(PublishedEvents.violations(event.type(), data)).isEmpty();
        return data;
    }

    private static AvoidanceChanged avoiding(int organisations) {
        return new AvoidanceChanged(
                4,
                List.of(new AvoidedPlace(FEARED, "issuer somebody", NOW)),
                IntStream.range(0, organisations)
                        .mapToObj(number -> new AvoidedOrganisation(
                                organisation(number), WhyNot.RUN_BY_SUSPECT, "issuer somebody", NOW))
                        .toList(),
                NOW);
    }

    @Test
    void whatACaseAvoidsIsReadByTheKeyOfReferralServiceAlone() throws Exception {
        JsonNode told = told(PUBLISHING, avoiding(1));
        assertThat(told.toString())
                .doesNotContain(FEARED.code(), organisation(0).toString(), "suspect");
        JsonWebEncryption sealed = new JsonWebEncryption();
        sealed.setCompactSerialization(told.get("sealed").asText());
        sealed.setKey(KEY.getPrivateKey());
        assertThat(JSON.readTree(sealed.getPayload())).isEqualTo(JSON.readTree("""
                        {"caseCode": "%s", "revision": 4, "places": ["%s"], "organisations": {"%s": "run-by-suspect"}}
                        """.formatted(
                        Histories.stored(avoiding(1), 1).stream().key(), FEARED, organisation(0))));
    }

    @Test
    void itsLengthDoesNotTellHowMuchIsAvoided() {
        assertThat(told(PUBLISHING, avoiding(0)).get("sealed").asText())
                .hasSameSizeAs(told(PUBLISHING, avoiding(9)).get("sealed").asText());
    }

    @Test
    void withoutAKeyItIsToldThatSomethingChangedAndNotWhat() {
        JsonNode told = told(new CasePublishing(new SealedForReferral(Optional.empty())), avoiding(1));
        assertThat(told.toString()).isEqualTo("{\"revision\":4}");
    }

    @Test
    void aPrivateKeyAmongTheSettingsStopsTheService() {
        assertThatThrownBy(() -> publishing(OutputControlLevel.INCLUDE_PRIVATE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("\"d\"");
    }

    @Test
    void everyPublicEventFollowsItsContract() {
        for (PublicEvent event : PUBLISHED) {
            JsonNode data = JSON.valueToTree(event.data());
            assertThat(PublishedEvents.violations(event.type(), data)).isEmpty();
        }
    }

    @Test
    void aNeedOfAPackageFollowsItsContractToo() {
        NeedStated alone = Histories.everything().stream()
                .map(CaseStream.TYPES::decode)
                .filter(NeedStated.class::isInstance)
                .map(NeedStated.class::cast)
                .findFirst()
                .orElseThrow();
        NeedId other = new NeedId(new UUID(7, 60));
        NeedStated leg = new NeedStated(
                alone.need(),
                alone.owner(),
                alone.age(),
                alone.child(),
                alone.sex(),
                List.of(new Language("fra")),
                List.of(Circumstance.PREGNANT),
                new Leg(
                        new PackageId(new UUID(6, 1)),
                        List.of(new Leg.After(other, Leg.Until.COMPLETED)),
                        List.of(other)));
        PublicEvent told = PUBLISHING.translate(Histories.stored(leg, 1)).orElseThrow();
        JsonNode data = JSON.valueToTree(told.data());
        assertThat(PublishedEvents.violations(told.type(), data)).isEmpty();
        assertThat(data.at("/leg/after/0/until").asText()).isEqualTo("completed");
        assertThat(data.at("/circumstances/0").asText()).isEqualTo("pregnant");
    }

    @Test
    void theRoadIsToldWithoutItsInnerSteps() {
        assertThat(PUBLISHED)
                .extracting(PublicEvent::type)
                .containsExactly(
                        "passerelle.identification.case-detected.v1",
                        "passerelle.identification.consent-recorded.v1",
                        "passerelle.identification.screened.v1",
                        "passerelle.identification.victim-presumed.v1",
                        "passerelle.identification.avoidance-changed.v1",
                        "passerelle.identification.need-stated.v1",
                        "passerelle.identification.consent-withdrawn.v1",
                        "passerelle.identification.consent-recorded.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.consent-withdrawn.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.case-closed.v1",
                        "passerelle.identification.person-erased.v1");
        assertThat(PUBLISHED).allSatisfy(event -> {
            assertThat(event.key()).isEqualTo(event.subject());
            assertThat(event.subject()).matches("[0-9]{4}-[0-9]{4}-[0-9]{4}");
        });
    }

    @Test
    @Tag("leak")
    void nothingPersonalIsEverPublished() throws Exception {
        for (PublicEvent event : PUBLISHED) {
            assertThat(JSON.writeValueAsString(event))
                    .doesNotContain(
                            "Espérance",
                            "Ndayizeye",
                            "25779000000",
                            "gare",
                            "récit",
                            "motifs",
                            "run",
                            "ACT_",
                            "indicated",
                            "suicid",
                            "danger",
                            "octobre",
                            "login.example");
        }
    }
}
