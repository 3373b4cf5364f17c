package org.passerelle.assistance.plan;

/** What a plan knows of a referral of its case. Only an open one keeps the plan from closing. */
public enum ReferralStanding {
    OPEN,
    /** No service was found; it is open again as soon as one is offered. */
    GAP,
    /** Completed or cancelled. Nothing but another acceptance opens it again. */
    ENDED
}
