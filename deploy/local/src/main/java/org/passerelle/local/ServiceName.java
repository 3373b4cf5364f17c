package org.passerelle.local;

import java.util.Locale;

/** The four services. */
enum ServiceName {
    IDENTIFICATION,
    REFERRAL,
    ASSISTANCE,
    REPORTING;

    /** As in addresses, database names and topics, e.g. {@code referral}. */
    String slug() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The database of its data keys, apart from its own. */
    String keyDatabase() {
        return slug() + "_keys";
    }

    /** The folder it is built in, e.g. {@code referral-service}. */
    String module() {
        return slug() + "-service";
    }

    /** Its public events; null for reporting, which only listens. */
    @org.jspecify.annotations.Nullable
    String topic() {
        return switch (this) {
            case IDENTIFICATION, REFERRAL, ASSISTANCE -> "passerelle." + slug();
            case REPORTING -> null;
        };
    }
}
