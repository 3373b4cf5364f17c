package org.passerelle.reporting.ledger;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One public event as the ledger keeps it.
 *
 * @param caseCode the case, e.g. {@code 4829-1370-6158}
 * @param source who told it, as CloudEvents {@code source}; with {@code sequence} it names the event for ever
 * @param sequence gapless position in the log of that source, from 1
 * @param time when the source recorded it, by the source's own clock
 * @param type e.g. {@code passerelle.referral.service-offered.v1}
 * @param organisation the organisation the event names, where it names one
 * @param referralId the referral (and need) concerned, where there is one
 * @param serviceId the directory's service concerned, where there is one
 * @param data the event's data, JSON, as it was told; of a need without age, sex, languages and circumstances, which no report reads
 */
public record Entry(
        String caseCode,
        String source,
        long sequence,
        Instant time,
        String type,
        @Nullable String organisation,
        @Nullable String referralId,
        @Nullable String serviceId,
        String data) {

    /**
     * The order in which a case is told. Entries of different topics arrive in any relative order, so arrival says
     * nothing; sources have clocks of their own, so ties are broken by source and sequence to make the order total.
     */
    public static final Comparator<Entry> AS_TOLD =
            Comparator.comparing(Entry::time).thenComparing(Entry::source).thenComparingLong(Entry::sequence);

    /** The service that spoke: {@code identification}, {@code referral} or {@code assistance}. */
    public String service() {
        String[] parts = type.split("\\.", -1);
        return parts.length > 1 ? parts[1] : type;
    }
}
