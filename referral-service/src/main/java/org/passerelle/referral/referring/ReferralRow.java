package org.passerelle.referral.referring;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code referral_view}; written by {@link ReferralProjection} only. */
@Entity(name = "Referral")
@Table(name = "referral_view")
@Immutable
@NullUnmarked
class ReferralRow {

    @Id
    @Column(name = "referral_id")
    UUID referralId;

    @Column(name = "case_code")
    String caseCode;

    @Column(name = "requested_by")
    UUID requestedBy;

    String service;

    String urgency;

    String place;

    @Column(name = "stated_at")
    OffsetDateTime statedAt;

    @Column(name = "due_at")
    OffsetDateTime dueAt;

    String state;

    @Column(name = "offer_id")
    UUID offerId;

    @Column(name = "offered_to")
    UUID offeredTo;

    @Column(name = "answer_by")
    OffsetDateTime answerBy;

    UUID provider;

    @Column(name = "provider_service")
    UUID providerService;

    @Column(name = "accepted_at")
    OffsetDateTime acceptedAt;

    @Column(name = "begun_at")
    OffsetDateTime begunAt;

    String claimant;

    @Column(name = "claim_reason")
    String claimReason;

    String step;

    @Column(name = "step_of")
    UUID stepOf;

    @Column(name = "step_by")
    OffsetDateTime stepBy;

    String told;

    @Column(name = "need_told")
    String needTold;

    @Column(name = "decision_by")
    OffsetDateTime decisionBy;

    @Column(name = "decision_told")
    String decisionTold;

    String progress;

    @Column(name = "reported_at")
    OffsetDateTime reportedAt;

    @Column(name = "ended_at")
    OffsetDateTime endedAt;

    String ending;

    long version;
}
