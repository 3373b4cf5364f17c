package org.passerelle.identification.searching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokensTest {

    @Test
    void accentsCapitalsHyphensAndOrderMakeNoDifference() {
        assertThat(Tokens.names("Espérance", "Ndayizeye-Niyonkuru"))
                .isEqualTo(Tokens.names("NIYONKURU  ndayizeye, Esperance"))
                .containsExactly("esperance", "ndayizeye", "niyonkuru");
        assertThat(Tokens.names("Weiß")).containsExactly("weiss");
        assertThat(Tokens.names("Ἀλέξανδρος")).isEqualTo(Tokens.names("ΑΛΕΞΑΝΔΡΟΣ"));
    }

    @Test
    void aNameThatIsWrittenInPiecesIsTheSame() {
        assertThat(Tokens.names("Espe\u0301rance")).isEqualTo(Tokens.names("Esp\u00e9rance"));
    }

    @Test
    void whatIsNotThereGivesNothing() {
        assertThat(Tokens.names((String) null)).isEmpty();
        assertThat(Tokens.names(" - ", "")).isEmpty();
    }

    @Test
    void numbersAreTheSameHoweverTheyAreWritten() {
        for (String written :
                new String[] {"+257 79 00 00 00", "00257-79-00-00-00", "+257(79)00.00.00", "079 00 00 00", "79 00 00 00"
                }) {
            assertThat(Tokens.phone(written, "+257")).as(written).contains("+25779000000");
        }
    }

    @Test
    void withoutACountryOnlyInternationalNumbersAreUnderstood() {
        assertThat(Tokens.phone("079000000", null)).isEmpty();
        assertThat(Tokens.phone("+25779000000", null)).contains("+25779000000");
        assertThat(Tokens.phone("call me", "+257")).isEmpty();
    }
}
