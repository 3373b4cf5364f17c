package org.passerelle.eventsourcing.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DataKeyTest {

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] TEXT = "Consolata".getBytes(StandardCharsets.UTF_8);

    /** Hands the secret out as it is, to look at it. */
    private static final Aead OPEN = new Aead() {
        @Override
        public byte[] encrypt(byte[] plain, byte[] associated) {
            return plain.clone();
        }

        @Override
        public byte[] decrypt(byte[] sealed, byte[] associated) {
            return sealed.clone();
        }
    };

    /** Against the HKDF of the JDK, which is tested with the vectors of RFC 5869. */
    @Test
    @Tag("vectors")
    void theKeyOfACategoryIsThatOfHkdfExpand() throws GeneralSecurityException {
        DataKey person = DataKey.random(DataKey.Of.PERSON);
        byte[] wrapped = person.wrapped(OPEN, NOTHING);
        byte[] expected = KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.expandOnly(
                        new SecretKeySpec(wrapped, 1, 32, "HKDF"),
                        "passerelle category identity".getBytes(StandardCharsets.UTF_8),
                        32));

        byte[] sealed = person.aead("identity").orElseThrow().encrypt(TEXT, NOTHING);
        assertThat(new AesGcmJce(expected).decrypt(sealed, NOTHING)).isEqualTo(TEXT);
    }

    @Test
    void thatOfAnotherCategoryOpensNothingOfIt() throws GeneralSecurityException {
        DataKey person = DataKey.random(DataKey.Of.PERSON);
        byte[] sealed = person.aead("identity").orElseThrow().encrypt(TEXT, NOTHING);

        assertThatThrownBy(() -> person.aead("health").orElseThrow().decrypt(sealed, NOTHING))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void whatIsWrappedIsTheSameKindOfKeyAgain() throws GeneralSecurityException {
        for (DataKey.Of of : DataKey.Of.values()) {
            DataKey key = DataKey.random(of);
            String category = of == DataKey.Of.PERSON ? "health" : "";
            byte[] sealed = key.aead(category).orElseThrow().encrypt(TEXT, NOTHING);
            DataKey again = DataKey.unwrapped(key.wrapped(OPEN, NOTHING), OPEN, NOTHING);

            assertThat(again.of()).isEqualTo(of);
            assertThat(again.aead(category).orElseThrow().decrypt(sealed, NOTHING))
                    .isEqualTo(TEXT);
            assertThat(again.aead(of == DataKey.Of.PERSON ? "" : "health")).isEmpty();
        }
    }
}
