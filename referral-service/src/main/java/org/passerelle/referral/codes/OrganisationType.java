package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** HTCDS organisation type. */
public enum OrganisationType {
    NGO("NGO"),
    LAW_ENFORCEMENT("LawEnforcement"),
    HEALTH_SERVICE_ORGANISATION("HealthServiceOrganisation"),
    CENTRAL_GOVERNMENT_ORGANISATION("CentralGovernmentOrganisation"),
    LOCAL_GOVERNMENT_ORGANISATION("LocalGovernmentOrganisation"),
    IMMIGRATION_SERVICE("ImmigrationService"),
    LEGAL_SERVICE("LegalService"),
    CORPORATE_BUSINESS("CorporateBusiness"),
    SCHOOL_OR_COLLEGE("SchoolOrCollege");

    private final String code;

    OrganisationType(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    public static Optional<OrganisationType> byCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    @JsonCreator
    public static OrganisationType of(String code) {
        return byCode(code).orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }

    /**
     * Whether the organisation belongs to the authorities, whom a person can refuse (consent scope {@code authorities},
     * "withhold from authorities"). A public hospital or a school is none.
     */
    public boolean isAuthority() {
        return switch (this) {
            case LAW_ENFORCEMENT, CENTRAL_GOVERNMENT_ORGANISATION, LOCAL_GOVERNMENT_ORGANISATION, IMMIGRATION_SERVICE ->
                true;
            case NGO, HEALTH_SERVICE_ORGANISATION, LEGAL_SERVICE, CORPORATE_BUSINESS, SCHOOL_OR_COLLEGE -> false;
        };
    }
}
