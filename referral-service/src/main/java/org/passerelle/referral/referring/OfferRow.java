package org.passerelle.referral.referring;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code offer_view}; written by {@link ReferralProjection} only. */
@Entity(name = "Offer")
@Table(name = "offer_view")
@Immutable
@NullUnmarked
class OfferRow {

    @Id
    @Column(name = "offer_id")
    UUID offerId;

    @Column(name = "referral_id")
    UUID referralId;

    @Column(name = "organisation_id")
    UUID organisationId;

    @Column(name = "service_id")
    UUID serviceId;

    String standing;

    String reason;

    @Column(name = "offered_at")
    OffsetDateTime offeredAt;

    @Column(name = "answer_by")
    OffsetDateTime answerBy;

    @Column(name = "acknowledged_at")
    OffsetDateTime acknowledgedAt;

    @Column(name = "answered_at")
    OffsetDateTime answeredAt;

    @Column(name = "ended_at")
    OffsetDateTime endedAt;

    /** A late yes that was thanked has ended; it stays one in the organisation's record. */
    String state() {
        return standing.equals("late") && endedAt != null ? "released" : standing;
    }
}
