package org.passerelle.eventsourcing.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.eventsourcing.testkit.TestStore;

/** Data keys that are wrapped by a key of Vault's Transit engine. */
@Tag("kernel")
class VaultTransitTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final byte[] TEXT = "Amina".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private final TransitServer vault = new TransitServer();

    @AfterEach
    void stop() {
        vault.close();
    }

    private static KeyEncryption.Slot slot() {
        return KeyEncryption.Slot.of(UUID.randomUUID(), new DataKeys.Whose("4829-1370-6153", "identity"));
    }

    @Test
    void whatWasWrappedUnwrapsAlsoAfterVaultHasRotatedItsKey() throws GeneralSecurityException {
        KeyEncryption keys = KeyEncryption.of(vault.address(), List.of());
        KeyEncryption.Slot slot = slot();
        DataKey key = DataKey.random(DataKey.Of.CATEGORY);
        KeyEncryption.Wrapped wrapped = keys.wrap(key, slot);
        byte[] sealed = key.aead("").orElseThrow().encrypt(TEXT, new byte[0]);
        assertThat(wrapped.by()).isEqualTo(vault.address());
        vault.rotate();
        assertThat(keys.unwrap(wrapped, slot).aead("").orElseThrow().decrypt(sealed, new byte[0]))
                .isEqualTo(TEXT);
    }

    @Test
    void aWrappedKeyInAnothersPlaceDoesNotUnwrap() {
        KeyEncryption keys = KeyEncryption.of(vault.address(), List.of());
        KeyEncryption.Wrapped wrapped = keys.wrap(DataKey.random(DataKey.Of.CATEGORY), slot());
        assertThatThrownBy(() -> keys.unwrap(wrapped, slot())).isInstanceOf(KeysUnavailable.class);
    }

    @Test
    void aVaultThatIsAwayIsNoErasure() {
        KeyEncryption keys = KeyEncryption.of(vault.address(), List.of());
        KeyEncryption.Slot slot = slot();
        KeyEncryption.Wrapped wrapped = keys.wrap(DataKey.random(DataKey.Of.CATEGORY), slot);
        vault.close();
        assertThatThrownBy(() -> keys.unwrap(wrapped, slot)).isInstanceOf(KeysUnavailable.class);
    }

    @Test
    void theTokenIsReadAnewFromItsFile() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "old\n");
        Aead aead = new VaultTransit(VaultTransit.Settings.of(Map.of("VAULT_TOKEN_FILE", token.toString())))
                .getAead(vault.address());
        vault.require("renewed");
        assertThatThrownBy(() -> aead.encrypt(TEXT, new byte[0]))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("Vault answered 403");
        Files.writeString(token, "renewed\n");
        byte[] wrapped = aead.encrypt(TEXT, new byte[0]);
        assertThat(new String(wrapped, StandardCharsets.US_ASCII)).startsWith("vault:v1:");
        assertThat(aead.decrypt(wrapped, new byte[0])).isEqualTo(TEXT);
    }

    @Test
    void anAddressThatNamesNoKeyIsRefused() {
        for (String address :
                List.of("hcvault://vault:8200", "hcvault://vault:8200/transit/persons", "hcvault:///x/keys/y")) {
            assertThatThrownBy(() -> new VaultTransit().getAead(address))
                    .as(address)
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void aKeyManagementThatTheImageHoldsNoIntegrationForIsUnavailable() {
        try (TestStore db = TestStore.sealing(directory.resolve("keys.json"))) {
            for (String address : List.of(
                    "aws-kms://arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                    "gcp-kms://projects/p/locations/europe/keyRings/r/cryptoKeys/k",
                    "unknown-kms://k")) {
                DataKeys keys = new DataKeys(db.keyPool(), KeyEncryption.of(address, List.of()));
                assertThatThrownBy(() -> keys.of(Set.of(new DataKeys.Whose("4829-1370-6153", "identity")))
                                .await()
                                .atMost(LIMIT))
                        .as(address)
                        .isInstanceOf(KeysUnavailable.class);
            }
        }
    }

    /** As an operator moves from a key file to Vault: events stay as they are. */
    @Test
    void keysOfAFileAreWrappedAnewByVault() {
        Path file = directory.resolve("keys.json");
        try (TestStore db = TestStore.sealing(file)) {
            DataKeys.Whose whose = new DataKeys.Whose("4829-1370-6153", "identity");
            String id =
                    db.keys().of(Set.of(whose)).await().atMost(LIMIT).id(whose).orElseThrow();
            DataKeys moved = new DataKeys(
                    db.keyPool(),
                    KeyEncryption.of(vault.address(), List.of(file.toUri().toString())));
            assertThat(moved.rewrap(100).await().atMost(LIMIT)).isEqualTo(1);
            DataKeys after = new DataKeys(db.keyPool(), KeyEncryption.of(vault.address(), List.of()));
            assertThat(after.ring(Set.of(id)).await().atMost(LIMIT).ids()).containsExactly(id);
            assertThat(after.status().await().atMost(LIMIT).missing()).isZero();
        }
    }
}
