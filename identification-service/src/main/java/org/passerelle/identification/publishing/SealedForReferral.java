package org.passerelle.identification.publishing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.casefile.CaseEvent.AvoidanceChanged;

/**
 * What a case avoids, encrypted to referral-service (JWE, ECDH-ES, AES-256-GCM): it must know it to route, and the topic in
 * between must not. Padded, so that its length does not tell how much a case avoids.
 */
@ApplicationScoped
public class SealedForReferral {

    private static final String TYPE = "passerelle-avoidance+jwe";

    /** In characters: some ten places and organisations fit the first. */
    private static final int PADDED_TO = 1_024;

    private final @Nullable EllipticCurveJsonWebKey key;
    private final ObjectMapper json = new ObjectMapper();

    /** @param recipient a JWK set with public keys, as text; the first counts. Without it nothing can be avoided. */
    @Inject
    public SealedForReferral(@ConfigProperty(name = "passerelle.avoidance.recipient") Optional<String> recipient) {
        key = recipient.map(SealedForReferral::first).orElse(null);
    }

    /** Half a key is none: an installation that is half set up does not start. */
    private static EllipticCurveJsonWebKey first(String keys) {
        try {
            return new JsonWebKeySet(keys)
                    .getJsonWebKeys().stream()
                            .findFirst()
                            .filter(EllipticCurveJsonWebKey.class::isInstance)
                            .map(EllipticCurveJsonWebKey.class::cast)
                            .filter(one -> one.getKeyId() != null && one.getPrivateKey() == null)
                            .filter(one -> "P-256".equals(one.getCurveName()))
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "passerelle.avoidance.recipient: the first is no public P-256 key with kid"));
        } catch (JoseException e) {
            throw new IllegalArgumentException("passerelle.avoidance.recipient: no JWK set");
        }
    }

    /** Whether referral-service can be told at all: what it is not told it cannot keep a person away from. */
    public boolean given() {
        return key != null;
    }

    /** @return null where no key is {@link #given}: referral-service then offers the case to nobody */
    @Nullable
    String sealed(String caseCode, AvoidanceChanged changed) {
        if (key == null) {
            return null;
        }
        Map<String, Object> organisations = new TreeMap<>();
        changed.organisations()
                .forEach(one -> organisations.put(one.organisationId().toString(), one.why()));
        List<String> places =
                changed.places().stream().map(one -> one.place().code()).toList();
        try {
            JsonWebEncryption sealed = new JsonWebEncryption();
            sealed.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.ECDH_ES);
            sealed.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
            sealed.setHeader("typ", TYPE);
            sealed.setKeyIdHeaderValue(key.getKeyId());
            sealed.setKey(key.getPublicKey());
            sealed.setPayload(padded(json.writeValueAsString(Map.of(
                    "caseCode",
                    caseCode,
                    "revision",
                    changed.revision(),
                    "places",
                    places,
                    "organisations",
                    organisations))));
            return sealed.getCompactSerialization();
        } catch (JoseException | JsonProcessingException e) {
            throw new IllegalStateException("an avoidance cannot be sealed"); // the cause may quote it
        }
    }

    private static String padded(String text) {
        int missing = PADDED_TO - text.length() % PADDED_TO;
        return text + " ".repeat(missing);
    }
}
