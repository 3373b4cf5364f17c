package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.passerelle.referral.codes.ReferralId;

/**
 * A need's part in a package of needs of its case.
 *
 * @param after needs that must come first
 * @param together needs that must go to the same place as this one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Leg(UUID packageId, List<After> after, List<ReferralId> together) {

    /** How far another need must be. */
    public enum Until {
        BEGUN("begun"),
        COMPLETED("completed");

        private final String code;

        Until(String code) {
            this.code = code;
        }

        @JsonValue
        public String code() {
            return code;
        }

        @JsonCreator
        public static Until of(String code) {
            return Arrays.stream(values())
                    .filter(known -> known.code.equals(code))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record After(ReferralId needId, Until until) {}

    public Leg {
        after = List.copyOf(after);
        together = List.copyOf(together);
    }
}
