package org.passerelle.edge;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a token is bound to, RFC 8705: SHA-256 of a certificate. Pure. */
final class Thumbprint {

    /** RFC 9440: the certificate as a byte sequence of RFC 8941. */
    private static final Pattern CLIENT_CERT = Pattern.compile(":([A-Za-z0-9+/]{1,16000}={0,2}):");

    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");

    private Thumbprint() {}

    static Optional<String> of(Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        } catch (CertificateException unreadable) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param header as {@code Client-Cert} of RFC 9440
     * @return empty for what is no certificate
     */
    static Optional<String> ofHeader(String header) {
        var matcher = CLIENT_CERT.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            byte[] der = Base64.getDecoder().decode(matcher.group(1));
            return of(CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        } catch (IllegalArgumentException | CertificateException unreadable) {
            return Optional.empty();
        }
    }

    /** Compared in a time that says nothing of where they differ. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Whether an address is of one of these networks.
     *
     * @param networks {@code 10.1.0.0/16}, {@code ::1}
     * @throws IllegalArgumentException for a network that cannot be read
     */
    static boolean within(String address, List<String> networks) {
        byte[] bits = bits(address);
        return networks.stream().anyMatch(network -> {
            String[] parts = network.strip().split("/", 2);
            byte[] base = bits(parts[0]);
            int length = parts.length == 1 ? base.length * 8 : Integer.parseInt(parts[1]);
            if (length < 0 || length > base.length * 8) {
                throw new IllegalArgumentException("not a network: " + network);
            }
            return base.length == bits.length && agree(base, bits, length);
        });
    }

    private static boolean agree(byte[] one, byte[] other, int length) {
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((one[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Digits only: a name would be looked up. */
    private static byte[] bits(String address) {
        String plain = address.replaceFirst("%.*", "");
        if (!ADDRESS.matcher(plain).matches()) {
            throw new IllegalArgumentException("not an address");
        }
        try {
            return InetAddress.getByName(plain).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address", e);
        }
    }
}
