package org.passerelle.identification.consenting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;

class ConsentsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final OrganisationId SHELTER = new OrganisationId(new UUID(1, 1));
    private static final OrganisationId POLICE_POST = new OrganisationId(new UUID(1, 2));

    @Test
    void withoutConsentNothingIsPermitted() {
        assertThat(Consents.none().permit(Scope.SERVICES, SHELTER, NOW)).isFalse();
    }

    @Test
    void aConsentPermitsItsScopesToItsRecipients() {
        Consents consents = Consents.none().with(consent(1, false, Set.of(SHELTER), Set.of(), false, null));
        assertThat(consents.permit(Scope.SERVICES, SHELTER, NOW)).isTrue();
        assertThat(consents.permit(Scope.SERVICES, POLICE_POST, NOW)).isFalse();
        assertThat(consents.permit(Scope.CROSS_BORDER, SHELTER, NOW)).isFalse();
    }

    @Test
    void aConsentEndsAtItsEnd() {
        Consents consents = Consents.none().with(consent(1, true, Set.of(), Set.of(), false, NOW.plusSeconds(60)));
        assertThat(consents.permit(Scope.SERVICES, SHELTER, NOW.plusSeconds(59)))
                .isTrue();
        assertThat(consents.permit(Scope.SERVICES, SHELTER, NOW.plusSeconds(60)))
                .isFalse();
    }

    @Test
    void aWithdrawnConsentPermitsNothingAndAnotherStillDoes() {
        Consents both = Consents.none()
                .with(consent(1, true, Set.of(), Set.of(), false, null))
                .with(consent(2, false, Set.of(SHELTER), Set.of(), false, null));
        Consents one = both.withdrawn(id(1), NOW);
        assertThat(one.permit(Scope.SERVICES, POLICE_POST, NOW)).isFalse();
        assertThat(one.permit(Scope.SERVICES, SHELTER, NOW)).isTrue();
        assertThat(one.withdrawn(id(2), NOW).permit(Scope.SERVICES, SHELTER, NOW))
                .isFalse();
    }

    @Test
    void whatIsWithheldOverridesEveryConsent() {
        Consents consents = Consents.none()
                .with(consent(1, true, Set.of(), Set.of(), false, null))
                .with(consent(2, false, Set.of(SHELTER), Set.of(POLICE_POST), true, null));
        assertThat(consents.permit(Scope.SERVICES, POLICE_POST, NOW)).isFalse();
        assertThat(consents.withheld().authorities()).isTrue();
    }

    @Test
    void withdrawingOrExpiringNeverOpensACaseToAnybody() {
        Consents withheld =
                Consents.none().with(consent(1, true, Set.of(), Set.of(POLICE_POST), true, NOW.plusSeconds(1)));
        assertThat(withheld.withheld().authorities()).isTrue();
        Consents withdrawn = withheld.withdrawn(id(1), NOW);
        assertThat(withdrawn.withheld().authorities()).isTrue();
        assertThat(withdrawn.withheld().organisations()).containsExactly(POLICE_POST);
    }

    @Test
    void aLaterConsentCanLiftWhatAWithdrawnOneWithheld() {
        Consents consents = Consents.none()
                .with(consent(1, true, Set.of(), Set.of(POLICE_POST), true, null))
                .withdrawn(id(1), NOW)
                .with(consent(2, true, Set.of(), Set.of(), false, null));
        assertThat(consents.withheld().authorities()).isFalse();
        assertThat(consents.permit(Scope.SERVICES, POLICE_POST, NOW)).isTrue();
    }

    @Test
    void whatWasAgreedToBesideItLiftsNothingWhenItIsWithdrawn() {
        Consents withdrawn = Consents.none()
                .with(consent(1, true, Set.of(), Set.of(POLICE_POST), true, null))
                .with(consent(2, true, Set.of(), Set.of(), false, null))
                .withdrawn(id(1), NOW);
        for (Consents consents : List.of(withdrawn, withdrawn.withdrawn(id(2), NOW))) {
            assertThat(consents.withheld().authorities()).isTrue();
            assertThat(consents.permit(Scope.SERVICES, POLICE_POST, NOW)).isFalse();
        }
        assertThat(withdrawn
                        .with(consent(3, true, Set.of(), Set.of(), false, null))
                        .withheld()
                        .authorities())
                .as("another wish does")
                .isFalse();
    }

    @Test
    void aConsentToAHandOverLiftsNothingThatWasWithheld_inEitherOrder() {
        Consents feared = Consents.none().with(consent(1, true, Set.of(), Set.of(POLICE_POST), true, null));
        Consent handOver = toHandOver(2);
        Consents withdrawnFirst = feared.withdrawn(id(1), NOW).with(handOver);
        Consents withdrawnLater = feared.with(handOver).withdrawn(id(1), NOW);
        for (Consents consents : List.of(withdrawnFirst, withdrawnLater, withdrawnLater.withdrawn(id(2), NOW))) {
            assertThat(consents.withheld().authorities()).isTrue();
            assertThat(consents.withheld().organisations()).containsExactly(POLICE_POST);
            assertThat(consents.with(consent(3, true, Set.of(), Set.of(), false, null))
                            .withheld()
                            .authorities())
                    .as("another wish does")
                    .isFalse();
        }
    }

    private static Consent toHandOver(int number) {
        return new Consent(
                id(number),
                Set.of(Scope.CROSS_BORDER),
                new Consent.Recipients(false, Set.of()),
                new Consent.WithheldFrom(false, Set.of()),
                null,
                Consent.ObtainedFrom.PERSON,
                new Language("run"),
                NOW);
    }

    private static ConsentId id(int number) {
        return new ConsentId(new UUID(8, number));
    }

    private static Consent consent(
            int number,
            boolean any,
            Set<OrganisationId> named,
            Set<OrganisationId> withheldFrom,
            boolean authorities,
            @Nullable Instant until) {
        return new Consent(
                id(number),
                Set.of(Scope.SERVICES),
                new Consent.Recipients(any, named),
                new Consent.WithheldFrom(authorities, withheldFrom),
                until,
                Consent.ObtainedFrom.PERSON,
                new Language("run"),
                NOW);
    }
}
