package org.passerelle.identification.emergency;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.emergency.GlassCommand.BreakGlass;
import org.passerelle.identification.emergency.GlassCommand.ReviewGlass;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;
import org.passerelle.identification.emergency.GlassEvent.GlassReviewed;

/**
 * One case at a time, for an hour, and not again and again without review. Whom the case is withheld from, and whether it
 * exists, was asked before.
 */
public final class GlassDecider implements Decider<GlassCommand, Glasses, GlassEvent> {

    /** How long a broken glass lets read. */
    public static final Duration OPEN = Duration.ofMinutes(60);

    /** Whoever has so many that nobody has reviewed breaks no more. */
    static final int MOST_UNREVIEWED = 3;

    @Override
    public Glasses initial() {
        return Glasses.none();
    }

    /** @throws Refusal with the code of a text in {@code problems_*.properties} */
    @Override
    public List<GlassEvent> decide(GlassCommand command, Glasses glasses) {
        return switch (command) {
            case BreakGlass wanted -> open(wanted.breaking(), glasses);
            case ReviewGlass review -> review(review, glasses);
        };
    }

    private static List<GlassEvent> open(GlassBroken wanted, Glasses glasses) {
        if (wanted.organisation().equals(wanted.owner())) {
            throw Refusal.of("glass-not-needed").conflict();
        }
        Optional<Glass> open = glasses.openAt(wanted.at());
        if (open.isPresent()) {
            if (open.get().broken().caseCode().equals(wanted.caseCode())) {
                return List.of();
            }
            throw Refusal.of("glass-open-elsewhere").conflict();
        }
        if (glasses.unreviewed() >= MOST_UNREVIEWED) {
            throw Refusal.of("glass-reviews-outstanding").with(MOST_UNREVIEWED).conflict();
        }
        return List.of(wanted);
    }

    private static List<GlassEvent> review(ReviewGlass command, Glasses glasses) {
        Glass glass = glasses.find(command.glassId())
                .orElseThrow(() -> Refusal.of("unknown-or-ended").unknown());
        GlassReviewed done = glass.review();
        if (done != null) {
            if (done.finding() == command.finding() && done.by().equals(command.by())) {
                return List.of();
            }
            throw Refusal.of("glass-reviewed-already").conflict();
        }
        if (glass.broken().by().equals(command.by())
                || glass.broken().organisation().equals(command.organisation())) {
            throw Refusal.of("glass-reviewed-by-others").conflict();
        }
        return List.of(new GlassReviewed(
                command.glassId(),
                glass.broken().caseCode(),
                command.finding(),
                command.text(),
                command.by(),
                command.now(),
                command.authority()));
    }

    @Override
    public Glasses evolve(Glasses glasses, GlassEvent event) {
        return switch (event) {
            case GlassBroken broken -> glasses.with(broken);
            case GlassReviewed review -> glasses.with(review);
        };
    }
}
