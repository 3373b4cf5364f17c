package org.passerelle.referral.routing;

/**
 * How a service dealt with the offers of the last 90 days. Withdrawn ones and those that are open do not count.
 *
 * @param offers that were answered or expired
 * @param inTime of these answered with yes or no before they expired
 * @param accepted of these answered with yes, in time or not
 * @param left of the time to answer, in thousandths, summed over those answered in time
 */
public record TrackRecord(int offers, int inTime, int accepted, int left) {

    static final TrackRecord NONE = new TrackRecord(0, 0, 0, 0);

    /**
     * Half for saying yes, half for answering early, of {@link Weights#FULL}. Two offers of an average service are
     * added: one refusal does not make a service bad, and one that was never asked is average.
     */
    int rating() {
        int yes = Weights.FULL * (accepted + 1) / (offers + 2);
        int early = (left + Weights.FULL) / (offers + 2);
        return (yes + early) / 2;
    }
}
