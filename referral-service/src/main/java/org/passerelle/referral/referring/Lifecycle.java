package org.passerelle.referral.referring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;

/**
 * Who may do what with a referral, and where it is then: one table. The decider lets nothing happen that has no row here;
 * the diagram in the documentation is drawn from it.
 */
public final class Lifecycle {

    /** What somebody is to a referral. */
    public enum Party {
        REQUESTER,
        RECEIVER,
        COORDINATOR,
        /** Clocks, consent, the directory. */
        SYSTEM
    }

    /** Where a referral stands, as people call it. */
    public enum Stage {
        DRAFT,
        REQUESTED,
        OFFERED,
        ACCEPTED,
        IN_PROGRESS,
        ON_HOLD,
        /** The service was given. */
        COMPLETED,
        /** The service was begun or tried, and could not be given. */
        FAILED,
        /** Given up after the last who was asked said no. */
        DECLINED,
        /** Given up after the last who was asked did not answer. */
        EXPIRED,
        CANCELLED,
        ENTERED_IN_ERROR;

        public static Stage of(Referral referral) {
            return switch (referral) {
                case Unrequested none -> DRAFT;
                case Waiting waiting -> REQUESTED;
                case Offered offered -> OFFERED;
                case Accepted accepted -> accepted.held() ? ON_HOLD : accepted.begun() ? IN_PROGRESS : ACCEPTED;
                case Ended ended ->
                    switch (ended.ending()) {
                        case COMPLETED -> COMPLETED;
                        case FAILED -> FAILED;
                        case DECLINED -> DECLINED;
                        case EXPIRED -> EXPIRED;
                        case CANCELLED -> CANCELLED;
                        case ENTERED_IN_ERROR -> ENTERED_IN_ERROR;
                    };
            };
        }

        public boolean ended() {
            return ENDED.contains(this);
        }

        /** As in lists and answers. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What can be done, each by a command of its own. */
    public enum Step {
        REQUEST,
        ROUTE_AGAIN,
        CHOOSE,
        ACKNOWLEDGE,
        CLAIM,
        RETURN_CLAIM,
        ACCEPT,
        DECLINE,
        /** Thank and release whoever said yes too late. */
        RELEASE,
        /** A danger became known where the service is given, and the placement stands all the same. */
        REVIEW_PLACEMENT,
        EXPIRE,
        BEGIN,
        HOLD,
        RESUME,
        REPORT_PROGRESS,
        COMPLETE,
        TRANSFER,
        CANCEL,
        NOTE_OVERDUE,
        ESCALATE,
        ISSUE_LINK,
        OPEN_LINK,
        REVOKE_LINK
    }

    /** A row: in this stage these may do this, and then the referral is in one of those. */
    public record Row(Stage from, Step step, Set<Party> by, Set<Stage> to) {}

    private static final Set<Stage> ENDED =
            Collections.unmodifiableSet(EnumSet.range(Stage.COMPLETED, Stage.ENTERED_IN_ERROR));

    private static final Set<Party> SYSTEM = Set.of(Party.SYSTEM);
    private static final Set<Party> RECEIVER = Set.of(Party.RECEIVER);
    private static final Set<Party> REQUESTER = Set.of(Party.REQUESTER);
    /** The requester for a receiver without access: what they were told on the telephone. */
    private static final Set<Party> BOTH = Set.of(Party.RECEIVER, Party.REQUESTER);

    private static final Set<Party> RECEIVER_OR_SYSTEM = Set.of(Party.RECEIVER, Party.SYSTEM);
    private static final Set<Party> REQUESTER_OR_SYSTEM = Set.of(Party.REQUESTER, Party.SYSTEM);
    private static final Set<Party> WHOEVER_ROUTES = Set.of(Party.REQUESTER, Party.COORDINATOR, Party.SYSTEM);

    private static final Set<Party> WHOEVER_DECIDES = Set.of(Party.REQUESTER, Party.COORDINATOR);

    /** The table. */
    public static final List<Row> ROWS = rows();

    private Lifecycle() {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(row(Stage.DRAFT, Step.REQUEST, SYSTEM, Stage.REQUESTED, Stage.OFFERED));

        rows.add(row(Stage.REQUESTED, Step.ROUTE_AGAIN, WHOEVER_ROUTES, Stage.REQUESTED, Stage.OFFERED));
        rows.add(row(Stage.REQUESTED, Step.CHOOSE, WHOEVER_DECIDES, Stage.OFFERED));
        // a yes after the offer expired
        rows.add(row(Stage.REQUESTED, Step.ACCEPT, BOTH, Stage.ACCEPTED));
        rows.add(row(Stage.REQUESTED, Step.NOTE_OVERDUE, SYSTEM, Stage.REQUESTED));
        rows.add(row(
                Stage.REQUESTED,
                Step.CANCEL,
                REQUESTER_OR_SYSTEM,
                Stage.CANCELLED,
                Stage.ENTERED_IN_ERROR,
                Stage.DECLINED,
                Stage.EXPIRED));

        rows.add(row(Stage.OFFERED, Step.ROUTE_AGAIN, WHOEVER_ROUTES, Stage.REQUESTED, Stage.OFFERED));
        rows.add(row(Stage.OFFERED, Step.CHOOSE, WHOEVER_DECIDES, Stage.OFFERED));
        rows.add(row(Stage.OFFERED, Step.ACKNOWLEDGE, RECEIVER, Stage.OFFERED));
        // where a person chose who is asked, somebody else's late yes does not take their place
        rows.add(row(Stage.OFFERED, Step.ACCEPT, BOTH, Stage.ACCEPTED, Stage.OFFERED));
        rows.add(row(Stage.OFFERED, Step.DECLINE, BOTH, Stage.REQUESTED, Stage.OFFERED));
        rows.add(row(Stage.OFFERED, Step.EXPIRE, SYSTEM, Stage.REQUESTED, Stage.OFFERED));
        rows.add(row(Stage.OFFERED, Step.NOTE_OVERDUE, SYSTEM, Stage.OFFERED));
        rows.add(row(Stage.OFFERED, Step.CANCEL, REQUESTER_OR_SYSTEM, Stage.CANCELLED, Stage.ENTERED_IN_ERROR));

        rows.add(row(Stage.ACCEPTED, Step.BEGIN, BOTH, Stage.IN_PROGRESS));
        rows.add(row(Stage.ON_HOLD, Step.RESUME, BOTH, Stage.ACCEPTED, Stage.IN_PROGRESS));
        rows.add(row(Stage.IN_PROGRESS, Step.REPORT_PROGRESS, BOTH, Stage.IN_PROGRESS));
        // before the first contact
        rows.add(row(Stage.ACCEPTED, Step.NOTE_OVERDUE, SYSTEM, Stage.ACCEPTED));
        rows.add(row(Stage.ON_HOLD, Step.NOTE_OVERDUE, SYSTEM, Stage.ON_HOLD));
        for (Stage given : List.of(Stage.ACCEPTED, Stage.IN_PROGRESS, Stage.ON_HOLD)) {
            // with the others of its package, at two places; or stopped, or going on again; or where a danger is
            rows.add(row(given, Step.ROUTE_AGAIN, SYSTEM, given));
            // somebody else's yes, too late
            rows.add(row(given, Step.ACCEPT, BOTH, given));
            rows.add(row(given, Step.REVIEW_PLACEMENT, REQUESTER, given));
            rows.add(row(given, Step.COMPLETE, BOTH, Stage.COMPLETED, Stage.FAILED));
            // to the next best, inside the need's clock
            rows.add(row(given, Step.TRANSFER, BOTH, Stage.REQUESTED, Stage.OFFERED));
            rows.add(row(given, Step.CANCEL, REQUESTER_OR_SYSTEM, Stage.CANCELLED, Stage.ENTERED_IN_ERROR));
            if (given != Stage.ON_HOLD) {
                rows.add(row(given, Step.HOLD, BOTH, Stage.ON_HOLD));
            }
        }
        // the sender gave up, and a yes comes all the same
        for (Stage givenUp : List.of(Stage.DECLINED, Stage.EXPIRED, Stage.CANCELLED)) {
            rows.add(row(givenUp, Step.ACCEPT, BOTH, givenUp));
        }
        // whoever said yes too late keeps a place, however the referral ended
        for (Stage ended : ENDED) {
            rows.add(row(ended, Step.RELEASE, WHOEVER_DECIDES, ended));
            rows.add(row(ended, Step.ESCALATE, SYSTEM, ended));
        }
        for (Stage held : List.of(Stage.OFFERED, Stage.ACCEPTED, Stage.IN_PROGRESS, Stage.ON_HOLD)) {
            // the system for whoever covers an absence
            rows.add(row(held, Step.CLAIM, RECEIVER_OR_SYSTEM, held));
            rows.add(row(held, Step.ISSUE_LINK, REQUESTER, held));
            rows.add(row(held, Step.RETURN_CLAIM, RECEIVER_OR_SYSTEM, held));
        }
        for (Stage open : List.of(Stage.REQUESTED, Stage.OFFERED, Stage.ACCEPTED, Stage.IN_PROGRESS, Stage.ON_HOLD)) {
            rows.add(row(open, Step.ESCALATE, SYSTEM, open));
            rows.add(row(open, Step.RELEASE, WHOEVER_DECIDES, open));
            rows.add(row(open, Step.OPEN_LINK, RECEIVER, open));
            rows.add(row(open, Step.REVOKE_LINK, REQUESTER_OR_SYSTEM, open));
        }
        return List.copyOf(rows);
    }

    private static Row row(Stage from, Step step, Set<Party> by, Stage... to) {
        return new Row(from, step, by, EnumSet.copyOf(Arrays.asList(to)));
    }

    public static Optional<Row> row(Stage from, Step step) {
        return ROWS.stream()
                .filter(row -> row.from() == from && row.step() == step)
                .findFirst();
    }

    static boolean permits(Stage from, Step step, Party by) {
        return row(from, step).map(row -> row.by().contains(by)).orElse(false);
    }

    /** The table as a Mermaid diagram; what leaves a referral where it is, is not drawn. */
    public static String diagram() {
        StringBuilder text = new StringBuilder("stateDiagram-v2\n  [*] --> draft\n");
        for (Row row : ROWS) {
            for (Stage to : row.to()) {
                if (to != row.from()) {
                    text.append("  %s --> %s: %s (%s)%n"
                            .formatted(id(row.from()), id(to), words(row.step()), by(row.by()))
                            .replace("\r", ""));
                }
            }
        }
        ENDED.forEach(stage -> text.append("  ").append(id(stage)).append(" --> [*]\n"));
        return text.toString();
    }

    private static String id(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    private static String words(Step step) {
        return step.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String by(Set<Party> parties) {
        return parties.stream()
                .sorted()
                .map(party -> party.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
