package org.passerelle.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signed notes, checkpoints and cosignatures that others made. */
@Tag("vectors")
class NoteVectorsTest {

    /** golang.org/x/mod/sumdb/note, note_test.go. */
    private static final NoteKey PETER =
            NoteKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");

    private static final NoteKey ENOCH =
            NoteKey.parse("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop");
    private static final String PETER_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    private static final String TEXT =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private static final String PETER_LINE = "— PeterNeumann"
            + " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    private static final String ENOCH_LINE = "— EnochRoot"
            + " rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    /** sum.golang.org/latest of 2024-09-23, as in sigsum-go; its key is in the Go command. */
    private static final NoteKey GO_SUM =
            NoteKey.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");

    private static final String GO_CHECKPOINT = """
            go.sum database tree
            30055305
            mXfgRcJ0bG0j3CPdKwgGWtUzBUbX67saZGRmFuJGGsM=

            — sum.golang.org Az3grpgEild5qw7+5dtV13Kf1C2Xurm8q4fhdxvcsDHnqNTaxL2AFjBY+2TyGKevucFcAAlWFJJYle3EJlDCrQ+y3A8=
            """;

    /** A checkpoint of the public log Arche 2025h1 with the cosignatures of public witnesses, of May 2026. */
    private static final String WITNESSED = """
            arche2025h1.staging.ct.transparency.dev
            1432088532
            U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

            — arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
            — arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
            — transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
            — witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
            — remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
            — witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
            """;

    private static final NoteKey ARCHE = NoteKey.parse(
            "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f");

    /** Of the operators' own pages: the last with the type of a cosignature, as C2SP tlog-cosignature wants it. */
    private static final NoteKey REMORA =
            NoteKey.parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2");

    private static final NoteKey GARDEN = NoteKey.parse(
            "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM");

    private static NoteSigner peter() {
        byte[] typed = Base64.getDecoder().decode(PETER_SEED);
        return NoteSigner.of("PeterNeumann", NoteKey.Type.NOTE, Arrays.copyOfRange(typed, 1, typed.length));
    }

    @Test
    void aSecretKeyGivesThePublishedPublicOneAndTheSameSignature() {
        assertThat(peter().key()).isEqualTo(PETER);
        assertThat(new Note(TEXT, List.of(peter().sign(TEXT))).format()).isEqualTo(TEXT + "\n" + PETER_LINE);
    }

    @Test
    void aNoteOfTwoSignersIsAcceptedFromEach() {
        Note note = Note.parse(TEXT + "\n" + PETER_LINE + ENOCH_LINE);
        assertThat(note.text()).isEqualTo(TEXT);
        assertThat(note.isSignedBy(PETER)).isTrue();
        assertThat(note.isSignedBy(ENOCH)).isTrue();
        assertThat(Note.parse(TEXT + "\n" + PETER_LINE).isSignedBy(ENOCH)).isFalse();
        assertThat(Note.parse("Another text.\n\n" + PETER_LINE).isSignedBy(PETER))
                .isFalse();
        assertThat(note.format()).isEqualTo(TEXT + "\n" + PETER_LINE + ENOCH_LINE);
    }

    @Test
    void everyPieceOfAKeyIsNoKey() {
        String key = PETER.text();
        for (int from = 0; from < key.length(); from++) {
            for (int to = from; to <= key.length(); to++) {
                String piece = key.substring(from, to);
                if (!piece.equals(key)) {
                    assertThatThrownBy(() -> NoteKey.parse(piece)).isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
        for (String wrong : List.of(
                "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
                "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "rekor.sigstore.dev+12345678+AwEB",
                "bananas.sigstore.dev+12344556")) {
            assertThatThrownBy(() -> NoteKey.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsNoNoteIsRefused() {
        for (String wrong : List.of(
                TEXT,
                TEXT + "\n",
                TEXT + "\n" + PETER_LINE.substring(0, PETER_LINE.length() - 1),
                "\u0001" + TEXT + "\n" + PETER_LINE,
                TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Bad Name"),
                TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Bad+Name"),
                TEXT + "\n" + PETER_LINE + "Unexpected line.\n",
                TEXT + "\n" + PETER_LINE.repeat(101))) {
            assertThatThrownBy(() -> Note.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theCheckpointOfTheGoChecksumDatabase() {
        Note note = Note.parse(GO_CHECKPOINT);
        assertThat(note.isSignedBy(GO_SUM)).isTrue();
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        assertThat(checkpoint.origin()).isEqualTo("go.sum database tree");
        assertThat(checkpoint.size()).isEqualTo(30_055_305);
        assertThat(checkpoint.text()).isEqualTo(note.text());
        assertThat(Note.parse(GO_CHECKPOINT.replace("30055305", "30055306")).isSignedBy(GO_SUM))
                .isFalse();
    }

    @Test
    void theCosignaturesOfPublicWitnesses() {
        Note note = Note.parse(WITNESSED);
        Instant seen = Instant.ofEpochSecond(0x6a122120L);
        assertThat(note.isSignedBy(ARCHE)).isTrue();
        assertThat(note.cosignedBy(REMORA)).contains(new Note.Cosigned(REMORA, seen));
        assertThat(note.cosignedBy(GARDEN)).contains(new Note.Cosigned(GARDEN, seen));
        assertThat(Note.parse(WITNESSED.replace("1432088532", "42")).cosignedBy(REMORA))
                .isEmpty();
        // The log's own key makes no cosignature.
        assertThat(note.cosignedBy(ARCHE)).isEqualTo(Optional.empty());
        assertThat(note.isSignedBy(REMORA)).isFalse();
    }

    @Test
    void aCosignatureCarriesItsTime() {
        NoteSigner witness = NoteSigner.of("witness.example", NoteKey.Type.COSIGNATURE, new byte[32]);
        String text = new Checkpoint("passerelle/example/1", 3, new byte[32]).text();
        Instant at = Instant.parse("2026-11-22T12:00:00Z");
        Note.Signed line = witness.cosign(text, at);
        Note note = new Note(text, List.of(line));
        assertThat(note.cosignedBy(witness.key())).contains(new Note.Cosigned(witness.key(), at));
        byte[] later = line.signature().clone();
        later[7]++;
        assertThat(new Note(text, List.of(new Note.Signed(line.name(), line.keyId(), later))).cosignedBy(witness.key()))
                .isEmpty();
    }

    /** The example of C2SP tlog-witness. */
    @Test
    void theRequestToAWitnessIsReadAndWrittenAsItsSpecificationShowsIt() {
        String example = """
                old 20852014
                PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
                jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
                5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
                /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

                example.com/behind-the-sofa
                20852163
                CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

                — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
                — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
                """;
        AddCheckpoint request = AddCheckpoint.parse(example);
        assertThat(request.oldSize()).isEqualTo(20_852_014);
        assertThat(request.proof()).hasSize(4);
        assertThat(Checkpoint.parse(request.note().text()).size()).isEqualTo(20_852_163);
        assertThat(request.text()).isEqualTo(example);
        for (String wrong : List.of(
                "old 020852014\n\n",
                "20852014\n\n",
                example.replace("old 2", "old -2"),
                example.replace("PlRN", "PlR"))) {
            assertThatThrownBy(() -> AddCheckpoint.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The example of C2SP tlog-witness: three lines of two witnesses, of which nobody has told the keys. */
    @Test
    void theAnswerOfAWitnessIsReadAsItsSpecificationShowsIt() {
        String example = """
                — witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==
                — witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==
                — witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==
                """;
        assertThat(Note.signatures(example).stream().map(Note.Signed::line).reduce("", String::concat))
                .isEqualTo(example);
        NoteKey other = NoteSigner.of("witness.example/w1", NoteKey.Type.COSIGNATURE, new byte[32])
                .key();
        AddCheckpoint asked = new AddCheckpoint(0, List.of(), Note.parse(WITNESSED));
        assertThat(WitnessAnswer.read(asked, other, 200, "text/plain", example)).isEqualTo(new WitnessAnswer.Refused());
    }

    /** What a public witness answered when it was shown this checkpoint, among the lines of others. */
    @Test
    void ofAnAnswerOnlyTheCosignatureOfTheKnownKeyIsTaken() {
        Note all = Note.parse(WITNESSED);
        Note shown = new Note(all.text(), all.signatures().subList(0, 2));
        String lines = WITNESSED.substring(WITNESSED.indexOf("— transparency.dev"));
        AddCheckpoint asked = new AddCheckpoint(0, List.of(), shown);
        assertThat(WitnessAnswer.read(asked, REMORA, 200, "text/plain", lines))
                .isInstanceOfSatisfying(WitnessAnswer.Cosigned.class, answer -> {
                    assertThat(answer.note().cosignedBy(REMORA)).isPresent();
                    assertThat(answer.note().signatures()).hasSize(3);
                });
        assertThat(WitnessAnswer.read(asked, ARCHE, 200, "text/plain", lines)).isEqualTo(new WitnessAnswer.Refused());
        assertThat(WitnessAnswer.read(asked, REMORA, 200, "text/plain", "<html>"))
                .isEqualTo(new WitnessAnswer.Refused());
    }

    @Test
    void aConflictSaysASizeOnlyAsTheSpecificationWritesIt() {
        AddCheckpoint asked = new AddCheckpoint(0, List.of(), Note.parse(WITNESSED));
        assertThat(WitnessAnswer.read(asked, REMORA, 409, "text/x.tlog.size", "20852014\n"))
                .isEqualTo(new WitnessAnswer.Knows(20_852_014));
        for (String wrong : List.of("20852014", "020852014\n", "-1\n", "9999999999999999999\n", "")) {
            assertThat(WitnessAnswer.read(asked, REMORA, 409, "text/x.tlog.size", wrong))
                    .isEqualTo(new WitnessAnswer.Unavailable(409));
        }
        assertThat(WitnessAnswer.read(asked, REMORA, 409, "text/plain", "5\n"))
                .isEqualTo(new WitnessAnswer.Unavailable(409));
        assertThat(WitnessAnswer.read(asked, REMORA, 422, "", "")).isEqualTo(new WitnessAnswer.Disagrees());
        assertThat(WitnessAnswer.read(asked, REMORA, 404, "", "")).isEqualTo(new WitnessAnswer.Refused());
        assertThat(WitnessAnswer.read(asked, REMORA, 429, "", "")).isEqualTo(new WitnessAnswer.Unavailable(429));
    }

    @Test
    void severalCheckpointsInAFileAreReadOneByOne() {
        assertThat(Note.parseAll(GO_CHECKPOINT + WITNESSED)).hasSize(2);
        assertThat(Note.parseAll("\n" + GO_CHECKPOINT + "\n\n" + WITNESSED + "\n"))
                .hasSize(2);
        assertThat(Note.parseAll("")).isEmpty();
        assertThatThrownBy(() -> Note.parseAll(GO_CHECKPOINT + "go.sum database tree\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
