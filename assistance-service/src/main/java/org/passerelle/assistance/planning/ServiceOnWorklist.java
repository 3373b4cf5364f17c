package org.passerelle.assistance.planning;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.plan.ServiceEndReason;
import org.passerelle.assistance.plan.ServiceType;

/** A row that {@link Worklist} writes; read only. */
@Entity
@Immutable
@Table(name = "service_on_worklist")
@IdClass(ServiceOnWorklist.Key.class)
@NullUnmarked // Hibernate fills the fields
class ServiceOnWorklist {

    record Key(String caseCode, UUID offerId) implements Serializable {}

    @Id
    @Column(name = "case_code")
    String caseCode;

    @Id
    @Column(name = "offer_id")
    UUID offerId;

    @Column(name = "referral_id")
    UUID referralId;

    @Enumerated(EnumType.STRING)
    ServiceType service;

    UUID organisation;

    @Column(name = "agreed_at")
    Instant agreedAt;

    @Enumerated(EnumType.STRING)
    @Nullable
    ServiceEndReason ended;

    int deliveries;
}
