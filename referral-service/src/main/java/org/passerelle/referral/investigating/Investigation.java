package org.passerelle.referral.investigating;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceHandedOver;
import org.passerelle.referral.referring.About;

/**
 * Where an investigation stands.
 *
 * @param step null while the police have not answered
 * @param reportBy when the police are to be heard of; null where nothing is owed
 * @param told how often somebody was, since
 * @param lists of evidence that were handed over, in that order
 * @param received those that the police confirmed, and when
 */
public record Investigation(
        @Nullable About about,
        @Nullable OrganisationId police,
        @Nullable JusticeStep step,
        @Nullable Instant reportBy,
        int told,
        Map<UUID, EvidenceHandedOver> lists,
        Map<UUID, Instant> received) {

    static final Investigation NONE = new Investigation(null, null, null, null, 0, Map.of(), Map.of());

    Investigation step(About about, OrganisationId police, JusticeStep now, @Nullable Instant by) {
        return new Investigation(about, police, now, by, 0, lists, received);
    }

    Investigation told(Instant again) {
        return new Investigation(about, police, step, again, told + 1, lists, received);
    }

    Investigation handedOver(EvidenceHandedOver list) {
        return new Investigation(list.about(), police, step, reportBy, told, plus(lists, list.list(), list), received);
    }

    Investigation received(UUID list, Instant at) {
        return new Investigation(about, police, step, reportBy, told, lists, plus(received, list, at));
    }

    private static <T> Map<UUID, T> plus(Map<UUID, T> map, UUID key, T value) {
        Map<UUID, T> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return more;
    }
}
