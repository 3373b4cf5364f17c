package org.passerelle.reporting.funnel.rest;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A case's milestones as they are counted; written by {@link MilestoneRows} only. */
@Entity
@Immutable
@Table(name = "case_milestones")
public class CaseMilestones {
    @Id
    @Column(name = "case_code")
    String caseCode = "";

    @Column(name = "place")
    @Nullable
    String place;

    @Column(name = "found_at")
    @Nullable
    Instant foundAt;
}
