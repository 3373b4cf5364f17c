package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search that the erasure and leak batteries rely on finds a word however it lies, and only that word. */
class MarksTest {
    private static final String WORD = "Wanjikuxq7k2m";
    private final Marks marks = new Marks();

    MarksTest() {
        marks.remember("name", WORD);
        marks.remember("note", "Notizquz81w4v");
    }

    @Test
    void findsAWordInEveryFormAndAtEveryPlace() {
        var plain = WORD.getBytes(StandardCharsets.UTF_8);
        var forms = List.of(
                plain,
                WORD.getBytes(StandardCharsets.UTF_16LE),
                WORD.getBytes(StandardCharsets.UTF_16BE),
                HexFormat.of().formatHex(plain).getBytes(StandardCharsets.US_ASCII));
        for (byte[] form : forms) {
            for (int before = 0; before < 9; before++) {
                for (int after = 0; after < 3; after++) {
                    assertThat(marks.foundIn(between(before, form, after))).containsExactly("name '" + WORD + "'");
                }
            }
        }
    }

    @Test
    void findsAWordInsideOfWhatIsWrittenInBase64() {
        for (int before = 0; before < 9; before++) {
            for (int after = 0; after < 4; after++) {
                var text = between(before, WORD.getBytes(StandardCharsets.UTF_8), after);
                assertThat(marks.foundIn(Base64.getEncoder().encodeToString(text)))
                        .as("%d before, %d after", before, after)
                        .containsExactly("name '" + WORD + "'");
            }
        }
    }

    @Test
    void saysEachWordOnceAndInTheOrderInWhichTheyWereSent() {
        assertThat(marks.foundIn("Notizquz81w4v " + WORD + " Notizquz81w4v"))
                .containsExactly("name '" + WORD + "'", "note 'Notizquz81w4v'");
    }

    @Test
    void findsNothingWhereOnlyAPartOfAWordIs() {
        assertThat(marks.foundIn(WORD.substring(1))).isEmpty();
        assertThat(marks.foundIn(WORD.substring(0, WORD.length() - 1))).isEmpty();
        assertThat(marks.foundIn(new byte[0])).isEmpty();
        assertThat(new Marks().foundIn(WORD)).isEmpty();
        var noise = new byte[1 << 20];
        new Random(1).nextBytes(noise);
        assertThat(marks.foundIn(noise)).isEmpty();
    }

    private static byte[] between(int before, byte[] form, int after) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("abcdefghi".substring(0, before).getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(form);
        bytes.writeBytes("stuv".substring(0, after).getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }
}
