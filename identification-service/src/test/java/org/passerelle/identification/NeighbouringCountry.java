package org.passerelle.identification;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.exchange.Exchange;
import org.passerelle.identification.exchange.Partners;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.Verdict;
import org.passerelle.identification.messages.Message;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;

/**
 * The service under test belongs to a country that exchanges with a neighbour, which is played here, and with another whose
 * installation has an address and understands nothing.
 */
public final class NeighbouringCountry implements QuarkusTestResourceLifecycleManager {

    private static final String KEYS = "passerelle.test.countries";
    private static final Country HERE = new Country("BI");
    private static final Country NEIGHBOUR = new Country("RW");
    private static final Country OUTDATED = new Country("UG");
    private static final Duration VALID = Duration.ofDays(7);
    private static final String NOT_UNDERSTOOD = """
            {"type": "urn:passerelle:problem:exchange-content", "status": 422, "errors": [{"field": "content"}]}""";

    private @Nullable HttpServer outdated;

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("countries");
            // Tests run in another class loader than this resource.
            System.setProperty(KEYS, directory.toString());
            String desk = UUID.randomUUID().toString();
            System.setProperty(KEYS + ".desk", desk);
            for (Country country : List.of(HERE, NEIGHBOUR, OUTDATED)) {
                JsonWebKeySet keys = new JsonWebKeySet(key(country + "-sig", "sig"), key(country + "-enc", "enc"));
                Files.writeString(secret(country), keys.toJson(OutputControlLevel.INCLUDE_PRIVATE));
                Files.writeString(open(country), keys.toJson(OutputControlLevel.PUBLIC_ONLY));
            }
            outdated = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            outdated.createContext("/", exchange -> {
                try (exchange) {
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(422, NOT_UNDERSTOOD.length());
                    exchange.getResponseBody().write(NOT_UNDERSTOOD.getBytes(StandardCharsets.UTF_8));
                }
            });
            outdated.start();
            return Map.of(
                    "passerelle.cross-border.partners.UG.keys",
                    open(OUTDATED).toString(),
                    "passerelle.cross-border.partners.UG.url",
                    "http://localhost:" + outdated.getAddress().getPort() + "/",
                    "passerelle.cross-border.country",
                    HERE.code(),
                    "passerelle.cross-border.keys",
                    secret(HERE).toString(),
                    "passerelle.cross-border.desk",
                    desk,
                    "passerelle.cross-border.partners.RW.keys",
                    open(NEIGHBOUR).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EllipticCurveJsonWebKey key(String id, String use) throws JoseException {
        EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(id);
        key.setUse(use);
        return key;
    }

    private static Path secret(Country country) {
        return Path.of(System.getProperty(KEYS), country + ".json");
    }

    private static Path open(Country country) {
        return Path.of(System.getProperty(KEYS), country + ".pub.json");
    }

    static String desk() {
        return System.getProperty(KEYS + ".desk");
    }

    private static Partners.Partner here() {
        return Partners.partner(HERE, open(HERE), null);
    }

    private static Exchange neighbour() {
        return new Exchange(Partners.of(NEIGHBOUR, secret(NEIGHBOUR), Map.of(HERE, here())), VALID);
    }

    /** The file by which the neighbour hands an invented person over. */
    static String handOver(UUID id) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Message.HandingOver content = new Message.HandingOver(
                new Message.ConsentPart(
                        Set.of(Fact.IDENTITY, Fact.NEEDS),
                        Consent.ObtainedFrom.PERSON,
                        new Language("kin"),
                        null,
                        false),
                new Message.PersonPart("Claudine", "Exemple", null, null, null, null, null, null, null),
                List.of(new Message.NeedPart(ServiceType.SAFE_SHELTER, Urgency.URGENT, now, now.plus(VALID))),
                null);
        return neighbour().write(here(), id, content, now, now.plus(VALID));
    }

    /** The neighbour's word that nobody there has decided on a file in time. */
    static String expired(UUID handOver, String file) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return neighbour()
                .write(
                        here(),
                        UUID.randomUUID(),
                        new Message.Answering(handOver, Exchange.digest(file), Verdict.RECEIVED, null, now, now),
                        now,
                        now.plus(VALID));
    }

    /** That a request with this file is the neighbour's. */
    static String proof(String file) {
        return neighbour().proof(here(), file, Instant.now());
    }

    @Override
    public void stop() {
        if (outdated != null) {
            outdated.stop(0);
        }
    }
}
