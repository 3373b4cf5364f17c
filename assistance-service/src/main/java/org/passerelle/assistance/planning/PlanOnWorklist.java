package org.passerelle.assistance.planning;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.plan.ClosureReason;
import org.passerelle.assistance.plan.Plan;

/** A row that {@link Worklist} writes; read only. */
@Entity
@Immutable
@Table(name = "plan_on_worklist")
@NullUnmarked // Hibernate fills the fields
class PlanOnWorklist {

    @Id
    @Column(name = "case_code")
    String caseCode;

    @Nullable
    UUID owner;

    @Enumerated(EnumType.STRING)
    Plan.Stage stage;

    @Enumerated(EnumType.STRING)
    @Nullable
    ClosureReason closure;

    @Column(name = "open_referrals")
    int openReferrals;

    @Column(name = "follow_ups_due")
    int followUpsDue;

    @Column(name = "next_follow_up_at")
    @Nullable
    Instant nextFollowUpAt;

    long version;
}
