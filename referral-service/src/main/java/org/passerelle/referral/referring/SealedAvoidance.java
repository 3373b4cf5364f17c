package org.passerelle.referral.referring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.referring.AvoidanceTold.AvoidedOrganisation;

/**
 * Opens what a case avoids, which comes over the topic encrypted to this service. What cannot be opened fails: its case
 * waits for an operator, and is offered to nobody meanwhile.
 */
@ApplicationScoped
public class SealedAvoidance {

    private static final String TYPE = "passerelle-avoidance+jwe";

    private final List<JsonWebKey> keys;
    private final ObjectMapper json;

    /** @param file a JWK set with private keys; several while they are changed */
    @Inject
    SealedAvoidance(@ConfigProperty(name = "passerelle.avoidance.keys") Optional<Path> file, ObjectMapper json) {
        keys = file.map(SealedAvoidance::read).orElse(List.of());
        this.json = json;
    }

    /** Half a key is none: an installation that is half set up does not start. */
    private static List<JsonWebKey> read(Path file) {
        try {
            List<JsonWebKey> keys = new JsonWebKeySet(Files.readString(file)).getJsonWebKeys();
            if (keys.isEmpty() || !keys.stream().allMatch(SealedAvoidance::opens)) {
                throw new IllegalArgumentException(
                        "passerelle.avoidance.keys: private P-256 keys with kid, and nothing else");
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JoseException e) {
            throw new IllegalArgumentException("passerelle.avoidance.keys: no JWK set in " + file.getFileName());
        }
    }

    private static boolean opens(JsonWebKey key) {
        return key instanceof EllipticCurveJsonWebKey curve
                && "P-256".equals(curve.getCurveName())
                && curve.getKeyId() != null
                && curve.getPrivateKey() != null;
    }

    record Opened(String caseCode, int revision, List<PlaceCode> places, Map<UUID, WhyAvoided> organisations) {}

    /**
     * @param sealed null where the sender had no key for it
     * @throws IllegalArgumentException without a cause, which could quote it
     */
    AvoidanceTold open(CaseCode code, int revision, @Nullable String sealed, Instant at) {
        Opened opened = opened(sealed);
        if (opened == null || !opened.caseCode().equals(code.value()) || opened.revision() != revision) {
            throw new IllegalArgumentException("an avoidance that cannot be opened");
        }
        List<AvoidedOrganisation> organisations = opened.organisations().entrySet().stream()
                .map(one -> new AvoidedOrganisation(new OrganisationId(one.getKey()), one.getValue()))
                .toList();
        return new AvoidanceTold(revision, opened.places(), organisations, at);
    }

    private @Nullable Opened opened(@Nullable String sealed) {
        if (sealed == null) {
            return null;
        }
        try {
            JsonWebEncryption jwe = new JsonWebEncryption();
            jwe.setAlgorithmConstraints(only(KeyManagementAlgorithmIdentifiers.ECDH_ES));
            jwe.setContentEncryptionAlgorithmConstraints(only(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM));
            jwe.setCompactSerialization(sealed);
            EllipticCurveJsonWebKey key = (EllipticCurveJsonWebKey) keys.stream()
                    .filter(one -> one.getKeyId().equals(jwe.getKeyIdHeaderValue()))
                    .findFirst()
                    .orElse(null);
            if (key == null || !TYPE.equals(jwe.getHeader("typ"))) {
                return null;
            }
            jwe.setKey(key.getPrivateKey());
            return json.readValue(jwe.getPayload(), Opened.class);
        } catch (JoseException | JsonProcessingException unreadable) {
            return null;
        }
    }

    private static AlgorithmConstraints only(String algorithm) {
        return new AlgorithmConstraints(ConstraintType.PERMIT, algorithm);
    }
}
