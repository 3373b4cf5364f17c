package org.passerelle.reporting.ledger.keeping;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.ledger.Entry;

/** A ledger entry as it is read back; written by {@link Ledger} only, and never changed. */
@Entity
@Immutable
@Table(name = "ledger_entry")
@IdClass(LedgerRow.Key.class)
public class LedgerRow {
    @Id
    @Column(name = "source")
    String source = "";

    @Id
    @Column(name = "sequence")
    long sequence;

    @Column(name = "case_code")
    String caseCode = "";

    @Column(name = "recorded_at")
    Instant recordedAt = Instant.EPOCH;

    @Column(name = "type")
    String type = "";

    @Column(name = "organisation")
    @Nullable
    String organisation;

    @Column(name = "referral_id")
    @Nullable
    String referralId;

    @Column(name = "service_id")
    @Nullable
    String serviceId;

    @Column(name = "data")
    byte[] data = {};

    /** The position in the log of a source. */
    public record Key(String source, long sequence) implements Serializable {}

    Entry entry() {
        return new Entry(
                caseCode,
                source,
                sequence,
                recordedAt,
                type,
                organisation,
                referralId,
                serviceId,
                new String(data, StandardCharsets.UTF_8));
    }
}
