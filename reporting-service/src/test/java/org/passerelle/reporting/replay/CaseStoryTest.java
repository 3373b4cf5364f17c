package org.passerelle.reporting.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.reporting.ToldCase.CLINIC;
import static org.passerelle.reporting.ToldCase.OWNER;
import static org.passerelle.reporting.ToldCase.SHELTER;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.passerelle.reporting.ToldCase;
import org.passerelle.reporting.replay.CaseState.ReferralStatus;

class CaseStoryTest {
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    private static final String CODE = "4829-1370-6158";

    private final ToldCase told = new ToldCase(CODE, START);

    @Test
    void nothing_is_known_before_the_detection() {
        told.detected("BI-BM");

        CaseState before = CaseStory.at(CODE, told.entries(), START);

        assertThat(before.detected()).isNull();
        assertThat(before.entries()).isZero();
    }

    @Test
    void the_state_at_a_moment_holds_what_was_recorded_until_then() {
        told.detected("BI-BM").screened();
        Instant screened = told.now();
        told.presumed();

        assertThat(CaseStory.at(CODE, told.entries(), screened).presumed()).isNull();
        assertThat(CaseStory.at(CODE, told.entries(), screened).screenings()).hasSize(1);
        assertThat(CaseStory.at(CODE, told.entries(), told.now()).presumed())
                .isEqualTo(new CaseState.Presumed("NGO", told.now()));
    }

    @Test
    void a_consent_is_in_force_until_it_is_withdrawn() {
        told.detected("BI-BM").consented("c1", "null");
        Instant given = told.now();
        told.tell("identification.consent-withdrawn", "{'consentId':'c1'}");

        assertThat(CaseStory.at(CODE, told.entries(), given).consents())
                .extracting(CaseState.Consent::consentId)
                .containsExactly("c1");
        assertThat(CaseStory.at(CODE, told.entries(), told.now()).consents()).isEmpty();
    }

    @Test
    void a_consent_is_in_force_until_its_end() {
        told.detected("BI-BM").consented("c1", "'2026-11-25T00:00:00Z'");

        assertThat(stateAt("2026-11-24T23:59:59Z").consents()).hasSize(1);
        assertThat(stateAt("2026-11-25T00:00:00Z").consents()).isEmpty();
    }

    @Test
    void a_need_goes_from_stated_to_completed() {
        told.detected("BI-BM").need("n1");
        assertThat(status()).isEqualTo(ReferralStatus.STATED);
        told.requested("n1");
        assertThat(status()).isEqualTo(ReferralStatus.SEARCHING);
        told.offered("n1", "o1", CLINIC);
        assertThat(need().organisation()).isEqualTo(CLINIC);
        assertThat(need().answerBy()).isNotNull();
        assertThat(status()).isEqualTo(ReferralStatus.OFFERED);
        told.over("declined", "n1", "o1", CLINIC);
        assertThat(status()).isEqualTo(ReferralStatus.RE_ROUTING);
        told.offered("n1", "o2", SHELTER).accepted("n1", "o2", SHELTER);
        assertThat(status()).isEqualTo(ReferralStatus.ACCEPTED);
        assertThat(need().organisation()).isEqualTo(SHELTER);
        told.completed("n1", SHELTER);
        assertThat(status()).isEqualTo(ReferralStatus.COMPLETED);
        assertThat(need().why()).isEqualTo("got-help");
    }

    @Test
    void an_answer_that_comes_after_the_offer_expired_is_reconciled() {
        told.detected("BI-BM")
                .need("n1")
                .requested("n1")
                .offered("n1", "o1", SHELTER)
                .over("expired", "n1", "o1", SHELTER)
                .accepted("n1", "o1", SHELTER);

        assertThat(status()).isEqualTo(ReferralStatus.ACCEPTED);
    }

    @Test
    void an_accepted_offer_that_is_withdrawn_is_accepted_no_longer() {
        told.detected("BI-BM")
                .need("n1")
                .offered("n1", "o1", SHELTER)
                .accepted("n1", "o1", SHELTER)
                .over("withdrawn", "n1", "o1", SHELTER);

        assertThat(status()).isEqualTo(ReferralStatus.RE_ROUTING);
    }

    @Test
    void the_end_of_another_offer_does_not_undo_an_acceptance() {
        told.detected("BI-BM")
                .need("n1")
                .offered("n1", "o1", CLINIC)
                .offered("n1", "o2", SHELTER)
                .accepted("n1", "o2", SHELTER)
                .over("expired", "n1", "o1", CLINIC);

        assertThat(status()).isEqualTo(ReferralStatus.ACCEPTED);
    }

    @Test
    void an_ended_referral_stays_ended() {
        told.detected("BI-BM")
                .need("n1")
                .tell("referral.referral-cancelled", "{'referralId':'n1','reason':'no-longer-needed'}")
                .offered("n1", "o1", SHELTER);

        assertThat(status()).isEqualTo(ReferralStatus.CANCELLED);
        assertThat(need().why()).isEqualTo("no-longer-needed");
    }

    @Test
    void a_task_and_a_gap_are_shown_until_the_next_offer() {
        told.detected("BI-BM").need("n1").requested("n1");
        told.tell("referral.case-worker-task-raised", "{'referralId':'n1','reason':'no-consent'}");
        assertThat(status()).isEqualTo(ReferralStatus.WITH_CASE_WORKER);
        assertThat(need().why()).isEqualTo("no-consent");
        told.tell("referral.service-gap-found", "{'referralId':'n1','service':'SAFE_SHELTER','place':'BI-BM'}");
        assertThat(status()).isEqualTo(ReferralStatus.NO_SERVICE_FOUND);
        told.offered("n1", "o1", SHELTER);
        assertThat(status()).isEqualTo(ReferralStatus.OFFERED);
    }

    @Test
    void facts_whose_beginning_is_still_missing_leave_gaps_and_no_error() {
        told.over("expired", "n1", "o1", SHELTER).delivered("n2", SHELTER);

        CaseState state = CaseStory.at(CODE, told.entries(), told.now());

        assertThat(state.detected()).isNull();
        assertThat(state.needs()).singleElement().satisfies(need -> {
            assertThat(need.service()).isNull();
            assertThat(need.status()).isEqualTo(ReferralStatus.STATED);
        });
        assertThat(plan(state).openedAt()).isNull();
        assertThat(plan(state).services())
                .singleElement()
                .satisfies(service -> assertThat(service.deliveries()).isOne());
    }

    @Test
    void the_whole_road_ends_closed_with_its_plan() {
        ToldCase road = ToldCase.wholeRoad(CODE, START);

        CaseState state = CaseStory.at(CODE, road.entries(), road.now());

        assertThat(state.closed()).isEqualTo(new CaseState.Closed("plan_completed", road.now()));
        assertThat(state.entries()).isEqualTo(20);
        assertThat(plan(state).services())
                .containsExactly(new CaseState.PlannedService("n1", "SAFE_SHELTER", SHELTER, 1, "completed"));
        assertThat(plan(state).followUps())
                .containsExactly(new CaseState.FollowUp("f1", Instant.parse("2026-12-20T09:00:00Z"), true, "safe"));
        assertThat(plan(state).closedAt()).isNotNull();
        assertThat(Objects.requireNonNull(state.detected()).ownerOrganisation()).isEqualTo(OWNER);
    }

    @Test
    void types_that_are_not_understood_are_counted_and_named() {
        told.detected("BI-BM").tell("identification.guardian-named", "{}").after(Duration.ofDays(1));

        CaseState state = CaseStory.at(CODE, told.entries(), told.now());

        assertThat(state.entries()).isEqualTo(2);
        assertThat(state.untold()).isEqualTo(List.of("passerelle.identification.guardian-named.v1"));
    }

    private static CaseState.Plan plan(CaseState state) {
        return Objects.requireNonNull(state.plan());
    }

    private CaseState stateAt(String instant) {
        return CaseStory.at(CODE, told.entries(), Instant.parse(instant));
    }

    private CaseState.Need need() {
        return CaseStory.at(CODE, told.entries(), told.now()).needs().getFirst();
    }

    private ReferralStatus status() {
        return need().status();
    }
}
