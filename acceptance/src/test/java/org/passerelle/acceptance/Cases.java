package org.passerelle.acceptance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Invented people for the tests. */
final class Cases {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Cases() {}

    /** A grown woman, found an hour ago. */
    static ObjectNode detection(String place) {
        var body = NODES.objectNode();
        body.putObject("found")
                .put(
                        "at",
                        Instant.now()
                                .minus(1, ChronoUnit.HOURS)
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString())
                .put("place", place)
                .put("exactPlace", "près de la fontaine")
                .put("how", "ngo");
        var person = body.putObject("person")
                .put("givenName", "Fabiola")
                .put("familyName", "Inventée")
                .put("age", 30)
                .put("sex", "Feminine");
        person.putArray("citizenships").add("BI");
        person.putArray("languages").add("run");
        body.put("immediateDanger", "no");
        return body;
    }

    /** A code with right check digits (ISO 7064 MOD 97-10) that was hardly ever drawn. */
    static String codeOfNobody() {
        long digits = ThreadLocalRandom.current().nextLong(1_000_000_000L, 9_999_999_999L);
        var code = digits + String.format(Locale.ROOT, "%02d", 98 - digits * 100 % 97);
        return code.substring(0, 4) + "-" + code.substring(4, 8) + "-" + code.substring(8);
    }

    static Map<String, Object> consentToAnybody() {
        return consent(true, List.of());
    }

    static Map<String, Object> consentTo(List<String> organisations) {
        return consent(false, organisations);
    }

    private static Map<String, Object> consent(boolean any, List<String> organisations) {
        return Map.of(
                "scopes", List.of("services"),
                "recipients", Map.of("any", any, "organisations", organisations),
                "withheldFrom", Map.of("authorities", false, "organisations", List.of()),
                "obtainedFrom", "person",
                "language", "run");
    }
}
