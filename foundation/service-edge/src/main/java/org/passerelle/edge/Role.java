package org.passerelle.edge;

import java.util.Arrays;
import java.util.Optional;

/** What somebody does in the mechanism; written with hyphens in tokens and in the policy. */
public enum Role {
    FIELD_WORKER,
    CASE_WORKER,
    PROVIDER,
    POLICE_INVESTIGATOR,
    COORDINATOR,
    LOCAL_COORDINATOR,
    SUPERVISOR,
    STATISTICIAN,
    AUDITOR,
    OPERATOR,
    PARTNER_SYSTEM;

    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    public static Optional<Role> parse(String code) {
        return Arrays.stream(values()).filter(role -> role.code().equals(code)).findFirst();
    }
}
