package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;

class ProofSettingsTest {

    private static NoteKey witness(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return NoteSigner.of("witness.example/w" + seed, NoteKey.Type.COSIGNATURE, bytes)
                .key();
    }

    private static ProofSettings settings(NoteKey... witnesses) {
        ProofSettings settings = new ProofSettings();
        settings.witnesses = Optional.of(List.of(witnesses).stream()
                .map(key -> key.text() + " https://witness.example")
                .toList());
        return settings;
    }

    @Test
    void oneKeyUnderTwoNamesIsNotTwoWitnesses() {
        assertThat(settings(witness(1), witness(2)).witnesses()).hasSize(2);
        assertThatThrownBy(() -> settings(witness(1), witness(1).named("witness.example/w2"))
                        .witnesses())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("passerelle.proof.witnesses: the key of witness.example/w2 is there twice");
    }
}
