package org.passerelle.referral.routing;

/** How an organisation's earlier offer for this need ended, where that rules it out. Transferred: it accepted, and passed it on. */
public enum PriorAnswer {
    DECLINED,
    EXPIRED,
    TRANSFERRED
}
