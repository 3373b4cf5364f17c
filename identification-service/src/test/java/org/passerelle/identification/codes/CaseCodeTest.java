package org.passerelle.identification.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;

class CaseCodeTest {

    @Test
    void theCheckDigitsFollowTheStandard() {
        // ISO 7064 MOD 97-10: 794 gives 44.
        assertThat(CaseCode.numbered(794).text()).isEqualTo("0000-0007-9444");
    }

    @Test
    void aCodeIsReadHoweverItIsWritten() {
        CaseCode code = CaseCode.numbered(4829137061L);
        String digits = code.text().replace("-", "");
        assertThat(CaseCode.parse(code.text())).isEqualTo(code);
        assertThat(CaseCode.parse(digits)).isEqualTo(code);
        assertThat(CaseCode.parse(" " + code.text().replace('-', ' '))).isEqualTo(code);
        assertThat(CaseCode.parse(code.text().replace('-', '\u2011'))).isEqualTo(code);
    }

    @Test
    void everyWrongDigitAndEverySwapOfNeighboursIsNoticed() {
        Random random = new Random(7064);
        for (int i = 0; i < 200; i++) {
            String digits =
                    CaseCode.numbered(random.nextLong(CaseCode.NUMBERS)).text().replace("-", "");
            for (int at = 0; at < digits.length(); at++) {
                for (char other = '0'; other <= '9'; other++) {
                    if (other != digits.charAt(at)) {
                        assertMistyped(digits.substring(0, at) + other + digits.substring(at + 1));
                    }
                }
                if (at > 0 && digits.charAt(at) != digits.charAt(at - 1)) {
                    assertMistyped(digits.substring(0, at - 1)
                            + digits.charAt(at)
                            + digits.charAt(at - 1)
                            + digits.substring(at + 1));
                }
            }
        }
    }

    @Test
    void whatIsNoCodeAtAllIsSaidToBeMalformed() {
        for (String written : new String[] {"", "4829", "4829-1370-615A", "4829-1370-61588", "٤٨٢٩١٣٧٠٦١٥٨"}) {
            assertThatThrownBy(() -> CaseCode.parse(written)).isInstanceOfSatisfying(Refusal.class, refusal -> {
                assertThat(refusal.code()).isEqualTo("case-code-malformed");
                assertThat(refusal.field()).isEqualTo("caseCode");
            });
        }
    }

    private static void assertMistyped(String digits) {
        assertThatThrownBy(() -> CaseCode.parse(digits))
                .as(digits)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("case-code-mistyped"));
    }
}
