package org.passerelle.referral.referring;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code gap_view}; written by {@link ReferralProjection} only. */
@Entity(name = "Gap")
@Table(name = "gap_view")
@Immutable
@NullUnmarked
class GapRow {

    @Id
    @Column(name = "referral_id")
    UUID referralId;

    @Column(name = "case_code")
    String caseCode;

    @Column(name = "requested_by")
    UUID requestedBy;

    String service;

    String place;

    @Column(name = "found_at")
    OffsetDateTime foundAt;

    @Column(name = "closed_at")
    OffsetDateTime closedAt;

    @Column(name = "closed_as")
    String closedAs;
}
