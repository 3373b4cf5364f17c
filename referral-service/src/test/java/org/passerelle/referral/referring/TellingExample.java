package org.passerelle.referral.referring;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.routing.Ranking;

/** Of the decisions that ranked and left out several, the first of the shortest. */
final class TellingExample {

    private @Nullable NeedRouted example;

    void consider(NeedRouted routed) {
        Ranking ranking = Objects.requireNonNull(routed.ranking());
        boolean tells = ranking.kept().size() > 3 && ranking.leftOut().size() > 3;
        if (tells && (example == null || considered(routed) < considered(example))) {
            example = routed;
        }
    }

    private static int considered(NeedRouted routed) {
        Ranking ranking = Objects.requireNonNull(routed.ranking());
        return ranking.kept().size() + ranking.leftOut().size();
    }

    NeedRouted shown() {
        return Objects.requireNonNull(example);
    }
}
