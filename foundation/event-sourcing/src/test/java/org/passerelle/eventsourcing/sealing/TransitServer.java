package org.passerelle.eventsourcing.sealing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Speaks what is needed of Vault's Transit engine over HTTP: a key aes256-gcm96 with versions and associated data. */
final class TransitServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NONCE = 12;

    private final HttpServer http;
    private final List<byte[]> versions = new CopyOnWriteArrayList<>();
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable String token;

    TransitServer() {
        rotate();
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/v1/transit/encrypt/persons", this::encrypt);
        http.createContext("/v1/transit/decrypt/persons", this::decrypt);
        http.start();
    }

    String address() {
        return "hcvault://127.0.0.1:" + http.getAddress().getPort() + "/transit/keys/persons";
    }

    void rotate() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        versions.add(key);
    }

    /** From now on only whoever has this is let in. */
    void require(String secret) {
        token = secret;
    }

    private interface Work {
        Map<String, String> of(JsonNode asked) throws GeneralSecurityException;
    }

    private void answer(HttpExchange exchange, Work work) throws IOException {
        int status = 200;
        Map<String, ?> body;
        if (token != null && !token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            status = 403;
            body = Map.of("errors", List.of("permission denied"));
        } else {
            try {
                body = Map.of("data", work.of(JSON.readTree(exchange.getRequestBody())));
            } catch (GeneralSecurityException e) {
                status = 400;
                body = Map.of("errors", List.of("cipher: message authentication failed"));
            }
        }
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void encrypt(HttpExchange exchange) throws IOException {
        answer(exchange, asked -> {
            byte[] nonce = new byte[NONCE];
            random.nextBytes(nonce);
            byte[] text = cipher(Cipher.ENCRYPT_MODE, versions.size(), nonce, asked)
                    .doFinal(Base64.getDecoder().decode(asked.path("plaintext").asText()));
            byte[] all = Arrays.copyOf(nonce, NONCE + text.length);
            System.arraycopy(text, 0, all, NONCE, text.length);
            return Map.of(
                    "ciphertext",
                    "vault:v" + versions.size() + ":" + Base64.getEncoder().encodeToString(all));
        });
    }

    private void decrypt(HttpExchange exchange) throws IOException {
        answer(exchange, asked -> {
            List<String> parts =
                    new ArrayList<>(List.of(asked.path("ciphertext").asText().split(":", 3)));
            byte[] all = Base64.getDecoder().decode(parts.get(2));
            byte[] text = cipher(
                            Cipher.DECRYPT_MODE,
                            Integer.parseInt(parts.get(1).substring(1)),
                            Arrays.copyOf(all, NONCE),
                            asked)
                    .doFinal(all, NONCE, all.length - NONCE);
            return Map.of("plaintext", Base64.getEncoder().encodeToString(text));
        });
    }

    private Cipher cipher(int mode, int version, byte[] nonce, JsonNode asked) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(versions.get(version - 1), "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(Base64.getDecoder()
                .decode(asked.path("associated_data").asText().getBytes(StandardCharsets.US_ASCII)));
        return cipher;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
