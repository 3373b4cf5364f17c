package org.passerelle.referral.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.routing.ConsentTerms.Given;

/** Withholding outlives the consent it came with, as in identification-service. */
class ConsentTermsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final OrganisationId FEARED = new OrganisationId(new UUID(0, 1));
    private static final Given WIDE = new Given(Set.of("services"), true, Set.of(), false, Set.of(), null, null);

    private static Given fearing(@Nullable Instant until, @Nullable Integer withdrawnAfter) {
        return new Given(Set.of("services"), true, Set.of(), true, Set.of(FEARED), until, withdrawnAfter);
    }

    @Test
    void aConsentCountsUntilTheMomentOfItsEnd() {
        assertThat(ConsentTerms.at(NOW.minusMillis(1), List.of(fearing(NOW, null)))
                        .services())
                .isTrue();
        assertThat(ConsentTerms.at(NOW, List.of(fearing(NOW, null))).services()).isFalse();
    }

    @Test
    void withholdingDoesNotExpire() {
        ConsentTerms terms = ConsentTerms.at(NOW, List.of(fearing(NOW.minus(Duration.ofDays(1)), null), WIDE));
        assertThat(terms.any()).isTrue();
        assertThat(terms.withheldFromAuthorities()).isTrue();
        assertThat(terms.withheldFrom()).containsExactly(FEARED);
    }

    @Test
    void afterAWithdrawalItLastsUntilALaterConsentSaysOtherwise() {
        ConsentTerms withdrawn = ConsentTerms.at(NOW, List.of(WIDE, fearing(null, 2)));
        assertThat(withdrawn.services()).isTrue();
        assertThat(withdrawn.withheldFrom()).containsExactly(FEARED);
        ConsentTerms later = ConsentTerms.at(NOW, List.of(fearing(null, 1), WIDE));
        assertThat(later.withheldFrom()).isEmpty();
        assertThat(later.withheldFromAuthorities()).isFalse();
        ConsentTerms beside = ConsentTerms.at(NOW, List.of(fearing(null, 2), WIDE));
        assertThat(beside.withheldFromAuthorities())
                .as("what was agreed to while it stood lifts nothing: the withdrawal must open nothing")
                .isTrue();
        assertThat(beside.withheldFrom()).containsExactly(FEARED);
    }

    @Test
    void aConsentToAHandOverLiftsNothing() {
        Given handOver = new Given(Set.of("cross-border"), false, Set.of(), false, Set.of(), null, null);
        for (List<Given> consents : List.of(
                List.of(fearing(null, 1), handOver),
                List.of(handOver, fearing(null, 2)),
                List.of(WIDE, fearing(null, 2), handOver))) {
            ConsentTerms terms = ConsentTerms.at(NOW, consents);
            assertThat(terms.withheldFromAuthorities()).isTrue();
            assertThat(terms.withheldFrom()).containsExactly(FEARED);
        }
        assertThat(ConsentTerms.at(NOW, List.of(fearing(null, 1), handOver, WIDE))
                        .withheldFrom())
                .isEmpty();
    }

    @Test
    void noDutyOpensWhatIsWithheldFromAuthoritiesOrCouldNotBeHeard() {
        assertThat(ConsentTerms.UNHEARD.reportedTo(Set.of(FEARED))).isEqualTo(ConsentTerms.UNHEARD);
        assertThat(ConsentTerms.NONE.reportedTo(Set.of(FEARED)).authorities()).isTrue();
    }
}
