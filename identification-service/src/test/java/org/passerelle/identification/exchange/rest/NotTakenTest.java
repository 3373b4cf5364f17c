package org.passerelle.identification.exchange.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("crossborder")
class NotTakenTest {

    private static NotTaken said(int status, String code, String field) {
        return NotTaken.of(status, """
                {"type": "urn:passerelle:problem:%s", "status": %d, "errors": [{"field": "%s"}]}""".formatted(code, status, field));
    }

    @Test
    void aClockThatIsOffOrAKeyNotYetKnownIsNotForEver() {
        for (NotTaken refused : new NotTaken[] {
            said(422, "exchange-expired", "iat"),
            said(422, "exchange-unsigned", "signature"),
            said(422, "exchange-stranger", "iss"),
            said(422, "exchange-misdirected", "kid"),
            said(401, "exchange-unproven", "Passerelle-Proof"),
            said(503, "exchange-content", "content"),
            NotTaken.of(404, ""),
            NotTaken.of(422, "<html>")
        }) {
            assertThat(refused.forEver()).as(refused.toString()).isFalse();
        }
    }

    @Test
    void anAnswerThatIsAboutNothingOrNotUnderstoodIsForEver() {
        for (NotTaken refused : new NotTaken[] {
            said(422, "exchange-misdirected", "content.handOver"),
            said(422, "exchange-misdirected", "content.digest"),
            said(422, "exchange-content", "content.verdict"),
            said(422, "exchange-version", "version")
        }) {
            assertThat(refused.forEver()).as(refused.toString()).isTrue();
        }
    }

    @Test
    void whatItSaysIsKeptAsACodeAndNothingElseOfIt() {
        assertThat(said(422, "exchange-expired", "exp").problem()).isEqualTo("exchange-expired");
        assertThat(said(422, "exchange-expired", "exp").type()).isEqualTo("urn:passerelle:problem:exchange-expired");
        assertThat(NotTaken.of(502, "Luz").type()).isEqualTo("unknown");
    }
}
