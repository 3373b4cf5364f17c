package org.passerelle.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("vectors")
class AttestationTest {

    private static final byte[] KEY = new byte[32];
    private static final byte[] DATA = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] BY = "{}".getBytes(StandardCharsets.UTF_8);

    private static EventRecord event(String stream, long version, byte[] data, byte[] attestation) {
        return new EventRecord(7, stream, version, "opened", 1, data, BY, 1_700_000_000_000_000L, attestation);
    }

    /** Written out once and for all: a leaf that changes would make every proof that was given void. */
    @Test
    void theFormOfALeafNeverChanges() {
        byte[] attestation = new byte[Attestation.SALT + Attestation.MAC];
        Arrays.fill(attestation, (byte) 0xab);
        byte[] content = event("case-4829-1370-6158", 3, DATA, attestation).content();
        assertThat(HexFormat.of().formatHex(content))
                .isEqualTo("01" + "0000000000000007" + "00000013" + "636173652d343832392d313337302d36313538"
                        + "0000000000000003" + "00000006" + "6f70656e6564" + "00000001" + "00000007" + "7b2261223a317d"
                        + "00000002" + "7b7d" + "00060a24181e4000" + "00000030" + "ab".repeat(48));
        assertThat(HexFormat.of().formatHex(EventRecord.leafHashOf(new TreeHash(), 42, content)))
                .isEqualTo(LEAF_AT_42);
        assertThat(EventRecord.parse(content).content()).isEqualTo(content);
        byte[] before = event("case-1", 1, DATA, null).content();
        assertThat(EventRecord.parse(before).attestation()).isNull();
        assertThat(EventRecord.parse(before).content()).isEqualTo(before);
    }

    private static final String LEAF_AT_42 = "1d2824eab2e9f2c471fa2dfd11c92da3a8e987727912ce7ba364e50a1ee98232";

    @Test
    void whatIsCutOffOrLongerIsNoEvent() {
        byte[] content = event("case-1", 1, DATA, new byte[Attestation.SALT]).content();
        for (int length = 0; length < content.length; length++) {
            byte[] shorter = Arrays.copyOf(content, length);
            assertThatThrownBy(() -> EventRecord.parse(shorter)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> EventRecord.parse(Arrays.copyOf(content, content.length + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheEventThatWasAttestedIsAccepted() {
        var maker = new Attestation.Maker("identification", KEY);
        var checker = new Attestation.Checker("identification", KEY);
        byte[] made = maker.attest("case-1", 3, "opened", 1, DATA, BY);
        assertThat(checker.accepts(event("case-1", 3, DATA, made))).isTrue();
        assertThat(checker.accepts(event("case-2", 3, DATA, made))).isFalse();
        assertThat(checker.accepts(event("case-1", 4, DATA, made))).isFalse();
        assertThat(checker.accepts(event("case-1", 3, BY, made))).isFalse();
        assertThat(checker.accepts(event("case-1", 3, DATA, null))).isFalse();
        assertThat(checker.accepts(event("case-1", 3, DATA, Arrays.copyOf(made, Attestation.SALT))))
                .isFalse();
        for (int i = 0; i < made.length; i++) {
            byte[] wrong = made.clone();
            wrong[i] ^= 1;
            assertThat(checker.accepts(event("case-1", 3, DATA, wrong))).isFalse();
        }
        assertThat(new Attestation.Checker("referral", KEY).accepts(event("case-1", 3, DATA, made)))
                .isFalse();
        byte[] unbound = maker.attest("case-1", Attestation.ANY_VERSION, "opened", 1, DATA, BY);
        assertThat(checker.accepts(event("case-1", 9, DATA, unbound))).isTrue();
    }

    @Test
    void noTwoHaveTheSameRandomBits() {
        var maker = new Attestation.Maker("identification", null);
        Set<List<Byte>> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            byte[] made = maker.attest("case-1", 1, "opened", 1, DATA, BY);
            assertThat(made).hasSize(Attestation.SALT);
            List<Byte> salt = new java.util.ArrayList<>();
            for (byte b : made) {
                salt.add(b);
            }
            assertThat(seen.add(salt)).isTrue();
        }
    }
}
