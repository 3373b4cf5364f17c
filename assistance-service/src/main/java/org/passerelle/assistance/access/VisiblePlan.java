package org.passerelle.assistance.access;

import org.passerelle.assistance.plan.Plan;
import org.passerelle.edge.Decision;

/** A plan that the caller may see, and how much of it. */
public record VisiblePlan(String caseCode, Plan plan, long version, Decision decision) {}
