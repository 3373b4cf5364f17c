package org.passerelle.referral;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.passerelle.edge.testkit.LocalBackends;

/** As identification-service writes what a case avoids. */
final class SealingAvoidance {

    private SealingAvoidance() {}

    static String of(String code, int revision, List<String> places, Map<String, String> organisations) {
        try {
            EllipticCurveJsonWebKey key = (EllipticCurveJsonWebKey)
                    new JsonWebKeySet(Files.readString(Path.of(System.getProperty(LocalBackends.AVOIDANCE_KEYS))))
                            .getJsonWebKeys()
                            .getFirst();
            JsonWebEncryption jwe = new JsonWebEncryption();
            jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.ECDH_ES);
            jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
            jwe.setHeader("typ", "passerelle-avoidance+jwe");
            jwe.setKeyIdHeaderValue(key.getKeyId());
            jwe.setKey(key.getPublicKey());
            jwe.setPayload("{\"caseCode\":\"%s\",\"revision\":%d,\"places\":[%s],\"organisations\":{%s}}   "
                    .formatted(
                            code,
                            revision,
                            places.stream().map(SealingAvoidance::quoted).collect(Collectors.joining(",")),
                            organisations.entrySet().stream()
                                    .map(one -> quoted(one.getKey()) + ":" + quoted(one.getValue()))
                                    .collect(Collectors.joining(","))));
            return jwe.getCompactSerialization();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
