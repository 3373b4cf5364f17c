package org.passerelle.referral.publishing;

import java.util.Map;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.directory.AssuranceStream.AssuranceAsked;

/** Of the directory others hear only what an organisation must act on. In order per organisation. */
public final class PublicDirectoryEvents {

    private PublicDirectoryEvents() {}

    public static PublicEvent of(AssuranceAsked asked) {
        String key = asked.organisation().toString();
        return new PublicEvent(
                "passerelle.referral.assurance-asked.v1",
                key,
                key,
                Map.of("organisation", asked.organisation(), "services", asked.services(), "askedAt", asked.at()));
    }
}
