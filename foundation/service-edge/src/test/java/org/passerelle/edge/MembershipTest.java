package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.Membership.Claims;
import org.passerelle.edge.Membership.Standing;

class MembershipTest {

    private static final Set<Role> BOTH = Set.of(Role.CASE_WORKER, Role.PROVIDER);

    private static Claims claims(@Nullable String organisation) {
        return new Claims("issuer", "subject", organisation, BOTH);
    }

    private static Standing unrecorded(String organisation) {
        return new Standing(organisation, null, false, false, false, false);
    }

    private static Standing member(String organisation, Role... roles) {
        return new Standing(organisation, Set.of(roles), false, false, false, false);
    }

    private static Optional<Caller> caller(@Nullable String organisation, Standing... standings) {
        return Membership.caller(claims(organisation), List.of(standings), false);
    }

    @Test
    void whileAnOrganisationRecordsNobodyItsTokensCount() {
        assertThat(caller("a", unrecorded("a"))).contains(new Caller("issuer", "subject", "a", BOTH));
        assertThat(caller(null)).contains(new Caller("issuer", "subject", null, BOTH));
    }

    @Test
    void whereEverybodyMustBeOnRecordATokenAloneIsNothing() {
        assertThat(Membership.caller(claims("a"), List.of(unrecorded("a")), true))
                .isEmpty();
        assertThat(Membership.caller(claims(null), List.of(), true)).isEmpty();
        assertThat(Membership.caller(claims("a"), List.of(member("a", Role.PROVIDER)), true))
                .isPresent();
    }

    @Test
    void whoIsNotOnACompleteListIsDenied() {
        assertThat(caller("a", new Standing("a", null, false, false, true, false)))
                .isEmpty();
    }

    @Test
    void aSuspendedOrganisationIsDeniedWithAndWithoutRecords() {
        assertThat(caller("a", new Standing("a", null, false, true, false, false)))
                .isEmpty();
        assertThat(caller("a", new Standing("a", BOTH, false, true, false, false)))
                .isEmpty();
    }

    @Test
    void anOrganisationOfWhichAFactCouldNotBeProcessedIsDenied() {
        assertThat(caller("a", new Standing("a", null, false, false, false, true)))
                .isEmpty();
        assertThat(caller("a", new Standing("a", BOTH, false, false, false, true)))
                .isEmpty();
    }

    @Test
    void aRemovedMemberHasNothingLeftWhateverTheTokenNames() {
        Standing removed = new Standing("a", Set.of(), true, false, false, false);
        assertThat(caller("a", removed)).isEmpty();
        assertThat(caller(null, removed)).isEmpty();
        assertThat(caller("b", removed, unrecorded("b"))).isEmpty();
    }

    @Test
    void whoIsOnRecordSomewhereActsForNobodyElse() {
        assertThat(caller("b", member("a", Role.PROVIDER), unrecorded("b"))).isEmpty();
    }

    @Test
    void rolesAreThoseOnRecordThatTheTokenHasToo() {
        assertThat(caller("a", member("a", Role.CASE_WORKER, Role.SUPERVISOR)))
                .contains(new Caller("issuer", "subject", "a", Set.of(Role.CASE_WORKER)));
        assertThat(caller("a", member("a", Role.OPERATOR)).orElseThrow().roles())
                .isEmpty();
    }

    private static boolean authority(Set<Role> inTheToken, Standing... standings) {
        return Membership.caller(new Claims("issuer", "subject", "a", inTheToken), List.of(standings), false)
                .orElseThrow()
                .authority();
    }

    @Test
    void policeOnRecordOrInTheTokenIsAnAuthority() {
        Set<Role> policeToo = Set.of(Role.POLICE_INVESTIGATOR, Role.CASE_WORKER);
        assertThat(authority(policeToo, member("a", Role.CASE_WORKER))).isTrue();
        assertThat(authority(Set.of(Role.CASE_WORKER), member("a", Role.CASE_WORKER, Role.POLICE_INVESTIGATOR)))
                .isTrue();
        assertThat(authority(BOTH, member("a", Role.CASE_WORKER), member("b", Role.POLICE_INVESTIGATOR)))
                .isTrue();
        assertThat(authority(policeToo, unrecorded("a"))).isTrue();
        assertThat(authority(BOTH, member("a", Role.CASE_WORKER))).isFalse();
        assertThat(authority(BOTH, unrecorded("a"))).isFalse();
    }

    @Test
    void policeThatOnlyOneOfThemNamesPermitsNothing() {
        assertThat(Membership.caller(
                        new Claims("issuer", "subject", "a", Set.of(Role.POLICE_INVESTIGATOR, Role.CASE_WORKER)),
                        List.of(member("a", Role.CASE_WORKER)),
                        false))
                .contains(new Caller("issuer", "subject", "a", Set.of(Role.CASE_WORKER), true));
    }

    @Test
    void whoActsForSeveralSaysForWhich() {
        Standing a = member("a", Role.PROVIDER);
        Standing b = member("b", Role.CASE_WORKER);
        assertThat(caller("b", a, b)).contains(new Caller("issuer", "subject", "b", Set.of(Role.CASE_WORKER)));
        assertThat(caller(null, a, b)).isEmpty();
        assertThat(caller(null, a)).contains(new Caller("issuer", "subject", "a", Set.of(Role.PROVIDER)));
    }

    @Test
    void whileTheSourceIsSilentNobodySeesMoreThanCodesAndProvidersSeeNothing() {
        Caller everything = new Caller("issuer", "subject", "a", Set.of(Role.values()));
        for (String action : Set.of("case.read", "case.slice", "plan.read", "case.need", "directory.read")) {
            for (Relation relation : Relation.values()) {
                Decision spoken = AccessPolicy.shipped().decide(everything, action, relation, false);
                Decision held = AccessPolicy.shipped().decide(everything, action, relation, true);
                assertThat(FieldMask.CODES.covers(held.mask())).isTrue();
                boolean told = AccessPolicy.OF_PROVIDERS.contains(relation) && !action.equals("directory.read");
                assertThat(held.permitted()).isEqualTo(spoken.permitted() && !told);
            }
        }
    }
}
