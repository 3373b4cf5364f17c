package org.passerelle.referral.referring;

/**
 * What an offer rests on is no longer so: the last unit was taken between the look and the offer, needs that belong together
 * went elsewhere, the person withholds the case from whom it was for. Nothing was stored, and whoever looks again sees it.
 */
public final class Overtaken extends RuntimeException {

    public Overtaken() {
        super("what the offer rests on changed meanwhile", null, false, false);
    }
}
