package org.passerelle.identification.arriving;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived.AnswerClock;
import org.passerelle.identification.messages.Message.NeedPart;
import org.passerelle.identification.needs.Urgency;

/**
 * How long the desk may take to answer, by the most urgent need of the file: as long as whoever is asked in this country.
 * Data of the country, not of the code.
 */
public record DeskClocks(Duration emergency, Duration urgent, Duration normal) {

    /** The default of the mechanism, as for offers. */
    public static final DeskClocks DEFAULT =
            new DeskClocks(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofDays(3));

    public DeskClocks {
        if (!emergency.isPositive() || !urgent.isPositive() || !normal.isPositive()) {
            throw new IllegalArgumentException("a desk needs time to answer");
        }
    }

    /** Nobody knows how urgent it is where no need was told: then it is not the least urgent. */
    private Duration of(@Nullable Urgency urgency) {
        return switch (urgency) {
            case null -> urgent;
            case EMERGENCY -> emergency;
            case URGENT -> urgent;
            case NORMAL -> normal;
        };
    }

    /**
     * The clock of an arrival. The first reminder comes at half of it, and never after the first need is due: of a need
     * whose clock has run out on the way the desk is told at once.
     *
     * @param needs that the file tells
     * @param until from then on nobody can accept
     */
    public AnswerClock start(List<NeedPart> needs, Instant now, Instant until) {
        Urgency most = needs.stream()
                .map(NeedPart::urgency)
                .min(Comparator.naturalOrder())
                .orElse(null);
        Instant answerBy = earlier(now.plus(of(most)), until);
        Instant half = now.plus(Duration.between(now, answerBy).dividedBy(2));
        Instant remindAt = needs.stream()
                .map(NeedPart::dueAt)
                // Of a file: whoever wrote it may have left it out.
                .filter(Objects::nonNull)
                .reduce(half, DeskClocks::earlier);
        // A deadline is kept in microseconds, and a file may say nanoseconds: then it would come too early, once.
        return new AnswerClock(most, remindAt.isBefore(now) ? now : remindAt.truncatedTo(ChronoUnit.MICROS), answerBy);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
