package org.passerelle.eventsourcing.sealing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Wraps with a key of HashiCorp Vault's Transit engine (or of OpenBao's), addressed as Tink does it:
 * {@code hcvault://HOST:PORT/MOUNT/keys/NAME}. The key must be of an AEAD type that takes associated data
 * ({@code aes256-gcm96}, {@code chacha20-poly1305}) and never leaves Vault, which rotates it: what was wrapped names its
 * version. Always by TLS, except to an agent on this machine's loopback. Found by Tink as a service; Tink's own
 * integration for Java is not published where this is built.
 */
public final class VaultTransit implements KmsClient {

    private static final String SCHEME = "hcvault://";
    private static final Pattern KEY = Pattern.compile("/(.+)/keys/([A-Za-z0-9_.-]+)");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration ANSWER = Duration.ofSeconds(4);
    private static final int LARGEST_ANSWER = 1_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How Vault lets the service in, by the names that Vault's own programs give these variables.
     *
     * @param token       {@code VAULT_TOKEN}; null where a file has it, or an agent adds it
     * @param tokenFile   {@code VAULT_TOKEN_FILE}: read at each call, as an agent renews it
     * @param authorities {@code VAULT_CACERT}: a file of certificates in PEM; null for those of the JVM
     * @param namespace   {@code VAULT_NAMESPACE}
     */
    record Settings(
            @Nullable String token,
            @Nullable Path tokenFile,
            @Nullable Path authorities,
            @Nullable String namespace) {

        static Settings of(Map<String, String> environment) {
            return new Settings(
                    environment.get("VAULT_TOKEN"),
                    path(environment.get("VAULT_TOKEN_FILE")),
                    path(environment.get("VAULT_CACERT")),
                    environment.get("VAULT_NAMESPACE"));
        }

        private static @Nullable Path path(@Nullable String text) {
            return text == null ? null : Path.of(text);
        }
    }

    private final Settings settings;
    private @Nullable HttpClient http;

    /** By the environment. Public for {@link java.util.ServiceLoader}. */
    public VaultTransit() {
        this(Settings.of(System.getenv()));
    }

    VaultTransit(Settings settings) {
        this.settings = settings;
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return keyUri.startsWith(SCHEME);
    }

    @Override
    public KmsClient withCredentials(String path) {
        return new VaultTransit(new Settings(null, Path.of(path), settings.authorities(), settings.namespace()));
    }

    @Override
    public KmsClient withDefaultCredentials() {
        return this;
    }

    @Override
    public Aead getAead(String keyUri) throws GeneralSecurityException {
        URI uri = URI.create(keyUri);
        Matcher key = KEY.matcher(uri.getPath() == null ? "" : uri.getPath());
        if (!doesSupport(keyUri) || uri.getHost() == null || !key.matches()) {
            throw new GeneralSecurityException("an address is hcvault://HOST:PORT/MOUNT/keys/NAME");
        }
        String base = (LOOPBACK.contains(uri.getHost()) ? "http://" : "https://") + uri.getAuthority() + "/v1/"
                + key.group(1);
        URI encrypt = URI.create(base + "/encrypt/" + key.group(2));
        URI decrypt = URI.create(base + "/decrypt/" + key.group(2));
        return new Aead() {
            @Override
            public byte[] encrypt(byte[] plaintext, byte @Nullable [] associated) throws GeneralSecurityException {
                return ask(encrypt, "plaintext", base64(plaintext), associated, "ciphertext")
                        .getBytes(StandardCharsets.US_ASCII);
            }

            @Override
            public byte[] decrypt(byte[] ciphertext, byte @Nullable [] associated) throws GeneralSecurityException {
                try {
                    return Base64.getDecoder()
                            .decode(ask(
                                    decrypt,
                                    "ciphertext",
                                    new String(ciphertext, StandardCharsets.US_ASCII),
                                    associated,
                                    "plaintext"));
                } catch (IllegalArgumentException e) {
                    throw new GeneralSecurityException("Vault's answer is no plaintext");
                }
            }
        };
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Neither what is sent nor what is answered goes into an error. */
    private String ask(URI at, String name, String value, byte @Nullable [] associated, String wanted)
            throws GeneralSecurityException {
        try {
            String body = JSON.writeValueAsString(
                    associated == null
                            ? Map.of(name, value)
                            : Map.of(name, value, "associated_data", base64(associated)));
            HttpRequest.Builder request = HttpRequest.newBuilder(at)
                    .timeout(ANSWER)
                    .header("Content-Type", "application/json")
                    .header("X-Vault-Request", "true")
                    .POST(BodyPublishers.ofString(body));
            String token = token();
            if (token != null) {
                request.header("X-Vault-Token", token);
            }
            if (settings.namespace() != null) {
                request.header("X-Vault-Namespace", settings.namespace());
            }
            var answer = http().send(request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER));
            if (answer.statusCode() != 200) {
                throw new GeneralSecurityException("Vault answered " + answer.statusCode());
            }
            JsonNode found = JSON.readTree(answer.body()).path("data").path(wanted);
            if (!found.isTextual()) {
                throw new GeneralSecurityException("Vault's answer has no " + wanted);
            }
            return found.asText();
        } catch (IOException e) {
            throw new GeneralSecurityException(
                    "Vault gives no answer: " + e.getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GeneralSecurityException("interrupted");
        }
    }

    private @Nullable String token() throws IOException {
        Path file = settings.tokenFile();
        return file == null ? settings.token() : Files.readString(file).strip();
    }

    private synchronized HttpClient http() throws GeneralSecurityException, IOException {
        HttpClient known = http;
        if (known != null) {
            return known;
        }
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(ANSWER)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (settings.authorities() != null) {
            builder.sslContext(trusting(settings.authorities()));
        }
        HttpClient made = builder.build();
        http = made;
        return made;
    }

    private static SSLContext trusting(Path authorities) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(authorities)) {
            int n = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority-" + n++, one);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** Nothing of the token. */
    @Override
    public String toString() {
        return "Vault Transit";
    }
}
