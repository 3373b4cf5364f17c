package org.passerelle.identification.caselist;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A line of the case list, as {@link CaseListProjection} keeps it; read only. */
@Entity
@Immutable
@Table(name = "case_list")
@NullUnmarked
class CaseRow {

    @Id
    @Column(name = "case_code")
    String caseCode;

    UUID owner;

    String state;

    String place;

    @Column(name = "found_at")
    Instant foundAt;

    @Column(name = "detected_at")
    Instant detectedAt;

    boolean presumed;

    boolean urgent;

    @Column(name = "open_needs")
    int openNeeds;

    @Column(name = "next_due_at")
    @Nullable
    Instant nextDueAt;

    @Column(name = "withheld_from_authorities")
    boolean withheldFromAuthorities;

    @Column(name = "withheld_from_organisations")
    String[] withheldFromOrganisations;

    /** Of what the couriers have still to tell. */
    @Formula("has_withdrawal_unheard(case_code)")
    boolean withdrawalUnheard;

    /** Nobody has said yet what else is done. */
    @Formula("has_hand_over_failed(case_code)")
    boolean handOverFailed;

    @Column(name = "closed_at")
    @Nullable
    Instant closedAt;

    int holds;

    boolean erased;

    long version;
}
