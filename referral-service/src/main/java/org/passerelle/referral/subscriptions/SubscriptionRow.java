package org.passerelle.referral.subscriptions;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code subscription}; written by {@link SubscriptionProjection} only. */
@Entity(name = "Subscription")
@Table(name = "subscription")
@Immutable
@NullUnmarked
class SubscriptionRow {
    @Id
    UUID id;

    @Column(name = "organisation_id")
    UUID organisationId;

    String name;

    @Column(name = "opened_at")
    OffsetDateTime openedAt;

    @Column(name = "start_seq")
    long startSeq;
}
