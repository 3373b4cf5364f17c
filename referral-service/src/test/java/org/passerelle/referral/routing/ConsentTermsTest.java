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
    private static final Given WIDE = new Given(Set.of("services"), true, Set.of(), false, Set.of(), null, false);

    private static Given fearing(@Nullable Instant until, boolean withdrawn) {
        return new Given(Set.of("services"), true, Set.of(), true, Set.of(FEARED), until, withdrawn);
    }

    @Test
    void aConsentCountsUntilTheMomentOfItsEnd() {
        assertThat(ConsentTerms.at(NOW.minusMillis(1), List.of(fearing(NOW, false)))
                        .services())
                .isTrue();
        assertThat(ConsentTerms.at(NOW, List.of(fearing(NOW, false))).services())
                .isFalse();
    }

    @Test
    void withholdingDoesNotExpire() {
        ConsentTerms terms = ConsentTerms.at(NOW, List.of(fearing(NOW.minus(Duration.ofDays(1)), false), WIDE));
        assertThat(terms.any()).isTrue();
        assertThat(terms.withheldFromAuthorities()).isTrue();
        assertThat(terms.withheldFrom()).containsExactly(FEARED);
    }

    @Test
    void afterAWithdrawalItLastsUntilALaterConsentSaysOtherwise() {
        ConsentTerms withdrawn = ConsentTerms.at(NOW, List.of(WIDE, fearing(null, true)));
        assertThat(withdrawn.services()).isTrue();
        assertThat(withdrawn.withheldFrom()).containsExactly(FEARED);
        ConsentTerms later = ConsentTerms.at(NOW, List.of(fearing(null, true), WIDE));
        assertThat(later.withheldFrom()).isEmpty();
        assertThat(later.withheldFromAuthorities()).isFalse();
    }

    @Test
    void aConsentToAHandOverLiftsNothing() {
        Given handOver = new Given(Set.of("cross-border"), false, Set.of(), false, Set.of(), null, false);
        for (List<Given> consents : List.of(
                List.of(fearing(null, true), handOver),
                List.of(handOver, fearing(null, true)),
                List.of(WIDE, fearing(null, true), handOver))) {
            ConsentTerms terms = ConsentTerms.at(NOW, consents);
            assertThat(terms.withheldFromAuthorities()).isTrue();
            assertThat(terms.withheldFrom()).containsExactly(FEARED);
        }
        assertThat(ConsentTerms.at(NOW, List.of(fearing(null, true), handOver, WIDE))
                        .withheldFrom())
                .isEmpty();
    }

    @Test
    void noDutyOpensWhatIsWithheldFromAuthoritiesOrCouldNotBeHeard() {
        assertThat(ConsentTerms.UNHEARD.reportedTo(Set.of(FEARED))).isEqualTo(ConsentTerms.UNHEARD);
        assertThat(ConsentTerms.NONE.reportedTo(Set.of(FEARED)).authorities()).isTrue();
    }
}
