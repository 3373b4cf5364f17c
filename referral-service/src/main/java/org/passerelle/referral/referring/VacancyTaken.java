package org.passerelle.referral.referring;

/**
 * The last free unit of a service was taken between the look at it and the offer; nothing was stored, and whoever looks
 * again sees it taken.
 */
public final class VacancyTaken extends RuntimeException {

    public VacancyTaken() {
        super("the last unit was taken meanwhile", null, false, false);
    }
}
