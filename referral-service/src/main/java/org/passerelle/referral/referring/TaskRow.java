package org.passerelle.referral.referring;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code task_view}; written by {@link ReferralProjection} only. */
@Entity(name = "Task")
@Table(name = "task_view")
@IdClass(TaskRow.Key.class)
@Immutable
@NullUnmarked
class TaskRow {

    record Key(UUID referralId, String reason) {}

    @Id
    @Column(name = "referral_id")
    UUID referralId;

    @Id
    String reason;

    @Column(name = "case_code")
    String caseCode;

    @Column(name = "requested_by")
    UUID requestedBy;

    String service;

    String place;

    @Column(name = "raised_at")
    OffsetDateTime raisedAt;

    @Column(name = "settled_at")
    OffsetDateTime settledAt;
}
