package org.passerelle.identification.exchange;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.codes.Country;

/**
 * The keys of this mechanism and of those it exchanges with. All are on the curve P-256; {@code use} says what for.
 *
 * @param signing the first of the file signs
 * @param reading whatever is encrypted to any of these can be read: a new key is added before partners are told of it
 */
public record Partners(
        Country here, PublicJsonWebKey signing, List<PublicJsonWebKey> reading, Map<Country, Partner> others) {

    private static final String CURVE = EllipticCurveJsonWebKey.KEY_TYPE;

    /**
     * A mechanism of another country.
     *
     * @param signing by any of which it may sign
     * @param reading to which it is written
     * @param url     where its installation takes messages; null where files are carried
     */
    public record Partner(
            Country country,
            List<PublicJsonWebKey> signing,
            PublicJsonWebKey reading,
            @Nullable URI url) {

        /** Whether a hand-over can go on that road. */
        public boolean takes(HandOverSent.Means means) {
            return means == HandOverSent.Means.FILE || url != null;
        }
    }

    /** @param own a JWK set with private keys, one with {@code "use": "sig"} and one with {@code "use": "enc"} at least */
    public static Partners of(Country here, Path own, Map<Country, Partner> others) {
        return new Partners(here, of(own, "sig").getFirst(), of(own, "enc"), Map.copyOf(others));
    }

    /** @param keys a JWK set with public keys; its first for encryption is written to */
    public static Partner partner(Country country, Path keys, @Nullable URI url) {
        return new Partner(country, of(keys, "sig"), of(keys, "enc").getFirst(), url);
    }

    Optional<Partner> find(String country) {
        return others.values().stream()
                .filter(one -> one.country().code().equals(country))
                .findFirst();
    }

    /** @throws IllegalArgumentException when there is none: an installation that is half set up does not start */
    private static List<PublicJsonWebKey> of(Path file, String use) {
        try {
            List<PublicJsonWebKey> keys = new JsonWebKeySet(Files.readString(file))
                    .getJsonWebKeys().stream()
                            .filter(key -> use.equals(key.getUse()) && CURVE.equals(key.getKeyType()))
                            .filter(key -> key.getKeyId() != null)
                            .filter(PublicJsonWebKey.class::isInstance)
                            .map(PublicJsonWebKey.class::cast)
                            .filter(Partners::ofTheCurve)
                            .toList();
            if (keys.isEmpty()) {
                throw new IllegalArgumentException(
                        "passerelle.cross-border: no P-256 key with kid and use " + use + " in " + file.getFileName());
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JoseException e) {
            throw new IllegalArgumentException("passerelle.cross-border: no JWK set in " + file.getFileName());
        }
    }

    private static boolean ofTheCurve(JsonWebKey key) {
        return key instanceof EllipticCurveJsonWebKey curve && "P-256".equals(curve.getCurveName());
    }
}
