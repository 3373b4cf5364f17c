package org.passerelle.identification.reading;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseFile.Facts;

/** What a screen leaves out until somebody asks for it. */
public enum Sensitive {
    NAMES,
    /** Telephone and address. */
    CONTACTS,
    /** Where exactly the person was found. */
    PLACE,
    /** What was told. */
    STORY;

    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param codes separated by commas
     * @throws Refusal {@code nothing-to-reveal} where none is named or one is unknown
     */
    static Set<Sensitive> parse(@Nullable String codes) {
        Set<Sensitive> wanted = EnumSet.noneOf(Sensitive.class);
        for (String code : (codes == null ? "" : codes).split(",", -1)) {
            wanted.add(Arrays.stream(values())
                    .filter(one -> one.code().equals(code.strip()))
                    .findFirst()
                    .orElseThrow(() ->
                            Refusal.of("nothing-to-reveal").field("fields").invalid()));
        }
        return wanted;
    }

    /** Whether there is anything of it to reveal. */
    boolean known(Facts facts) {
        var person = facts.detection().person();
        return switch (this) {
            case NAMES -> person.givenName() != null || person.familyName() != null;
            case CONTACTS -> person.phone() != null || person.address() != null;
            case PLACE -> facts.detection().found().exactPlace() != null;
            case STORY -> facts.detection().account() != null;
        };
    }
}
