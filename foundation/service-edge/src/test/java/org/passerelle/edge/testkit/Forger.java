package org.passerelle.edge.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens that nobody was given, out of one that is good. */
public final class Forger {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String header;
    private final String payload;
    private final String signature;

    public Forger(String goodToken) {
        String[] parts = goodToken.split("\\.", -1);
        header = parts[0];
        payload = parts[1];
        signature = parts[2];
    }

    /** With another payload under the old signature. */
    public String changed(Consumer<ObjectNode> change) {
        return header + "." + encoded(change, payload) + "." + signature;
    }

    /** Says that it needs no signature. */
    public String unsigned() {
        return encoded(node -> node.put("alg", "none"), header) + "." + payload + ".";
    }

    /** Signed by a key that is not the login server's, under its key's name. */
    public String signedByAnotherKey() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            Signature rsa = Signature.getInstance("SHA256withRSA");
            rsa.initSign(keys.generateKeyPair().getPrivate());
            rsa.update((header + "." + payload).getBytes(StandardCharsets.US_ASCII));
            return header + "." + payload + "." + base64(rsa.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the login server's public key for a shared secret. */
    public String signedWithThePublicKey(byte[] publicKey) {
        try {
            String symmetric = encoded(node -> node.put("alg", "HS256"), header);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(publicKey, "HmacSHA256"));
            String text = symmetric + "." + payload;
            return text + "." + base64(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(Consumer<ObjectNode> change, String part) {
        try {
            ObjectNode node = (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(part));
            change.accept(node);
            return base64(JSON.writeValueAsBytes(node));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
