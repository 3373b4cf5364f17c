package org.passerelle.identification.emergency;

import static org.passerelle.eventsourcing.testkit.DeciderSpec.given;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.emergency.GlassCommand.BreakGlass;
import org.passerelle.identification.emergency.GlassCommand.ReviewGlass;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;
import org.passerelle.identification.emergency.GlassEvent.GlassReviewed;

class GlassDeciderTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final OrganisationId OWNER = new OrganisationId(new UUID(1, 1));
    private static final OrganisationId HOSPITAL = new OrganisationId(new UUID(1, 2));
    private static final OrganisationId COORDINATION = new OrganisationId(new UUID(1, 3));
    private static final String DOCTOR = "issuer doctor";

    private final GlassDecider decider = new GlassDecider();

    private static GlassBroken broken(int number, OrganisationId organisation, Instant at) {
        return new GlassBroken(
                new GlassId(new UUID(2, number)),
                CaseCode.numbered(1_000_000_000L + number),
                OWNER,
                organisation,
                false,
                BreakingReason.DANGER_TO_LIFE,
                "why",
                DOCTOR,
                at,
                at.plus(GlassDecider.OPEN),
                at.plus(Duration.ofDays(3)));
    }

    private static ReviewGlass review(int number, String by, @Nullable OrganisationId organisation, Finding finding) {
        return new ReviewGlass(new GlassId(new UUID(2, number)), finding, null, by, organisation, false, NOON);
    }

    private static GlassReviewed reviewed(int number, String by) {
        return new GlassReviewed(
                new GlassId(new UUID(2, number)),
                CaseCode.numbered(1_000_000_000L + number),
                Finding.JUSTIFIED,
                null,
                by,
                NOON,
                false);
    }

    @Test
    void aGlassOpensOneCaseForAnHour() {
        GlassBroken first = broken(1, HOSPITAL, NOON);
        given(decider).when(new BreakGlass(first)).then(first);
        given(decider, first)
                .when(new BreakGlass(broken(2, HOSPITAL, NOON.plusSeconds(3_599))))
                .thenRefused("glass-open-elsewhere");
        GlassBroken later = broken(2, HOSPITAL, NOON.plusSeconds(3_600));
        given(decider, first).when(new BreakGlass(later)).then(later);
    }

    @Test
    void theSameCaseAgainWhileItIsOpenIsTheSameGlass() {
        given(decider, broken(1, HOSPITAL, NOON))
                .when(new BreakGlass(broken(1, HOSPITAL, NOON.plusSeconds(60))))
                .thenNothing();
    }

    @Test
    void whoKeepsTheCaseNeedsNoGlass() {
        given(decider).when(new BreakGlass(broken(1, OWNER, NOON))).thenRefused("glass-not-needed");
    }

    @Test
    void nobodyBreaksOneAfterTheOtherWithoutReview() {
        GlassBroken first = broken(1, HOSPITAL, NOON.minusSeconds(30_000));
        GlassBroken second = broken(2, HOSPITAL, NOON.minusSeconds(20_000));
        GlassBroken third = broken(3, HOSPITAL, NOON.minusSeconds(10_000));
        GlassBroken fourth = broken(4, HOSPITAL, NOON);
        given(decider, first, second, third).when(new BreakGlass(fourth)).thenRefused("glass-reviews-outstanding");
        given(decider, first, second, third, reviewed(1, "issuer head"))
                .when(new BreakGlass(fourth))
                .then(fourth);
    }

    @Test
    void somebodyElseOfAnotherOrganisationReviews() {
        GlassBroken glass = broken(1, HOSPITAL, NOON);
        given(decider, glass)
                .when(review(1, "issuer head", OWNER, Finding.JUSTIFIED))
                .then(reviewed(1, "issuer head"));
        given(decider, glass)
                .when(review(1, DOCTOR, COORDINATION, Finding.JUSTIFIED))
                .thenRefused("glass-reviewed-by-others");
        given(decider, glass)
                .when(review(1, "issuer colleague", HOSPITAL, Finding.JUSTIFIED))
                .thenRefused("glass-reviewed-by-others");
        given(decider, glass)
                .when(review(2, "issuer head", OWNER, Finding.JUSTIFIED))
                .thenRefused("unknown-or-ended");
    }

    @Test
    void aReviewIsClosedOnceAndEndsWhatIsOpen() {
        GlassBroken glass = broken(1, HOSPITAL, NOON);
        GlassReviewed done = reviewed(1, "issuer head");
        given(decider, glass, done)
                .when(review(1, "issuer head", OWNER, Finding.JUSTIFIED))
                .thenNothing();
        given(decider, glass, done)
                .when(review(1, "issuer head", OWNER, Finding.NOT_JUSTIFIED))
                .thenRefused("glass-reviewed-already");
        GlassBroken other = broken(2, HOSPITAL, NOON.plusSeconds(60));
        given(decider, glass, done).when(new BreakGlass(other)).then(other);
    }
}
