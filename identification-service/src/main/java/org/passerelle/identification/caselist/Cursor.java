package org.passerelle.identification.caselist;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.codes.CaseCode;

/** Where a page of the list ended; opaque outside. It opens nothing: whoever sends it only sees what they may see. */
public record Cursor(Instant detectedAt, String caseCode) {

    /** @throws Refusal {@code cursor-malformed}, naming the parameter {@code after} */
    public static Cursor parse(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split(" ", 2);
            if (parts.length == 2) {
                return new Cursor(
                        Instant.parse(parts[0]), CaseCode.parse(parts[1]).text());
            }
        } catch (IllegalArgumentException | DateTimeException | Refusal malformed) {
            throw refused();
        }
        throw refused();
    }

    private static Refusal refused() {
        return Refusal.of("cursor-malformed").field("after").invalid();
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((detectedAt + " " + caseCode).getBytes(StandardCharsets.US_ASCII));
    }
}
