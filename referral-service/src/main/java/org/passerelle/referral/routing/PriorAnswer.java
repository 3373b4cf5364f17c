package org.passerelle.referral.routing;

/** How an organisation's earlier offer for this need ended, where that rules it out. */
public enum PriorAnswer {
    DECLINED,
    EXPIRED
}
