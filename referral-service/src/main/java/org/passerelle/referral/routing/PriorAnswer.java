package org.passerelle.referral.routing;

/**
 * How an earlier offer of this need ended, where that rules an organisation or one of its services out. Said to be full: it
 * had no room. Declined here: this service is not the one for it. Transferred: it accepted, and passed it on.
 */
public enum PriorAnswer {
    DECLINED,
    DECLINED_HERE,
    SAID_FULL,
    EXPIRED,
    TRANSFERRED
}
