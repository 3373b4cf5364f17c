package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.referral.referring.World.DECIDER;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.organisation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.edge.CountryPacks;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.PlainCandidate;
import org.passerelle.referral.routing.Shortlist;
import org.passerelle.referral.routing.Site;

/** What a country decides of its referrals: their clocks, and whom the law has reported to the police. */
class CountryPackTest {

    private static final PlaceCode PLACE = new PlaceCode("EC-P");
    private static final ConsentTerms ANYBODY_BUT_AUTHORITIES =
            new ConsentTerms(true, true, Set.of(), false, false, Set.of());

    private static final ConsentTerms ANYBODY = new ConsentTerms(true, true, Set.of(), true, false, Set.of());

    @TempDir
    private Path folder;

    private final List<ReferralEvent> past = new ArrayList<>();

    private List<ReferralEvent> when(ReferralCommand command) {
        List<ReferralEvent> events = DECIDER.decide(command, DECIDER.fold(DECIDER.initial(), past));
        past.addAll(events);
        return events;
    }

    @Test
    void aPackAddsThePlacesOfItsCountry() throws IOException {
        Path file = folder.resolve("EC.json");
        Files.writeString(file, """
                {"country": "EC", "version": "2027-02-1", "places": [
                  {"code": "EC1101", "name": "Cantón Loja", "parent": "EC11",
                   "centroid": {"latitude": -4.0, "longitude": -79.2}, "origin": "OCHA"},
                  {"code": "EC1150", "name": "Cantón inventado", "parent": "EC11",
                   "validTo": "2026-12-31", "replacedBy": ["EC1101"]}]}""");
        Places places = Wiring.places(CountryPacks.read(folder));
        assertThat(places.name(new PlaceCode("EC1101"))).isEqualTo("Cantón Loja");
        assertThat(places.name(new PlaceCode("EC-L"))).isEqualTo("Loja");
        assertThat(places.centroid(new PlaceCode("EC1150"))).isEqualTo(places.centroid(new PlaceCode("EC11")));
        assertThat(places.reach(new PlaceCode("EC1150"), LocalDate.parse("2027-01-01"))
                        .meets(new PlaceCode("EC1101")))
                .isTrue();
        Files.writeString(file, """
                {"country": "EC", "version": "2027-02-1", "places": [{"code": "PE0101", "name": "Chachapoyas"}]}""");
        assertThatThrownBy(() -> Wiring.places(CountryPacks.read(folder))).hasMessageContaining("PE0101");
        Files.writeString(file, """
                {"country": "EC", "version": "2027-02-1", "places": [{"code": "EC1101", "nombre": "Loja"}]}""");
        assertThatThrownBy(() -> Wiring.places(CountryPacks.read(folder))).hasMessageContaining("nombre");
    }

    @Test
    void aReferralLivesUnderTheClocksOfItsCountryAsTheyWereWhenItBegan() throws IOException {
        Files.writeString(folder.resolve("EC.json"), """
                {"country": "EC", "version": "2027-02-1",
                 "offers": {"emergency": "PT10M", "urgent": "PT1H", "normal": "P1D", "report": "P5D",
                            "remindAtMostEvery": "PT3H"}}""");
        Countries countries = new Countries(CountryPacks.read(folder), OfferClocks.DEFAULT);
        when(request(countries.of(PLACE), null, around(ANYBODY, 1)));
        assertThat(offered().answerBy()).isEqualTo(NOON.plus(Duration.ofHours(1)));
        assertThat(((Referral.Offered) state()).course().request().country())
                .isEqualTo(new CountryClocks(
                        "EC 2027-02-1",
                        new OfferClocks(
                                Duration.ofMinutes(10),
                                Duration.ofHours(1),
                                Duration.ofDays(1),
                                Duration.ofDays(5),
                                Duration.ofHours(3))));
        // the next offer too, whatever pack came into force meanwhile
        Instant later = NOON.plus(Duration.ofHours(1));
        when(new ExpireOffer(World.offer(1), around(ANYBODY, 2), later));
        assertThat(offered().answerBy()).isEqualTo(later.plus(Duration.ofHours(1)));
        for (int told = 0; told < 6; told++) {
            NextStep.Owed owed = Referral.course(state()).owed();
            StepOverdue overdue = (StepOverdue)
                    when(new ReferralCommand.EscalateStep(owed.by())).getFirst();
            assertThat(Duration.between(overdue.at(), overdue.again())).isLessThanOrEqualTo(Duration.ofHours(3));
        }
    }

    @Test
    void shippedPacksAreRead_othersHaveTheConfiguration_nonsenseStopsTheStart() throws IOException {
        Countries shipped = new Countries(CountryPacks.read(null), OfferClocks.DEFAULT);
        assertThat(shipped.of(new PlaceCode("BI-BM")))
                .isEqualTo(new CountryClocks("BI 2026-11-1", OfferClocks.DEFAULT));
        assertThat(shipped.of(new PlaceCode("NG"))).isEqualTo(new CountryClocks("configuration", OfferClocks.DEFAULT));
        Files.writeString(folder.resolve("EC.json"), """
                {"country": "EC", "version": "2027-02-1", "offers": {"emergency": "PT0S", "urgent": "PT1H",
                 "normal": "P1D", "report": "P5D", "remindAtMostEvery": "PT3H"}}""");
        CountryPacks nonsense = CountryPacks.read(folder);
        assertThatThrownBy(() -> new Countries(nonsense, OfferClocks.DEFAULT)).hasMessageContaining("offers");
    }

    @Test
    void whatTheLawHasReportedGoesToThePoliceWithoutConsent_andStaysThereWhenItIsWithdrawn() {
        when(request(null, "EC 2026-11-1", around(ConsentTerms.NONE, 1)));
        assertThat(offered().organisation()).isEqualTo(organisation(2));
        assertThat(when(new RouteAgain(RoutingTrigger.CONSENT_CHANGED, around(ConsentTerms.NONE, 2), NOON)))
                .noneMatch(OfferWithdrawn.class::isInstance);
    }

    @Test
    void withoutADutyOrAgreementThePoliceHearNothing() {
        assertThat(when(request(null, null, around(ANYBODY_BUT_AUTHORITIES, 1))))
                .noneMatch(ServiceOffered.class::isInstance)
                .anyMatch(event -> event instanceof CaseWorkerTaskRaised raised
                        && raised.reason() == TaskReason.NO_CONSENTED_RECIPIENT);
    }

    @Test
    void aDutyReachesNobodyButThePolice() {
        Surroundings onlyAnNgo = new Surroundings(
                new Shortlist(List.of(candidate(1, OrganisationType.NGO)), 0, 0, World.DAY),
                ConsentTerms.NONE,
                Circumstances.NONE,
                World.offer(1));
        assertThat(when(request(null, "EC 2026-11-1", onlyAnNgo))).noneMatch(ServiceOffered.class::isInstance);
    }

    @Test
    void whatIsWithheldFromAuthoritiesIsWithheldFromThemAlsoWhereTheLawWouldHaveItReported() {
        ConsentTerms withheld = new ConsentTerms(true, true, Set.of(), true, true, Set.of());
        assertThat(when(request(null, "EC 2026-11-1", around(withheld, 1))))
                .noneMatch(ServiceOffered.class::isInstance)
                .anyMatch(CaseWorkerTaskRaised.class::isInstance);
    }

    @Test
    void whileSomethingThatThePersonSaidCouldNotBeHeardThePoliceHearNothing() {
        assertThat(when(request(null, "EC 2026-11-1", around(ConsentTerms.UNHEARD, 1))))
                .noneMatch(ServiceOffered.class::isInstance)
                .anyMatch(CaseWorkerTaskRaised.class::isInstance);
    }

    @Test
    void whatIsWithheldFromOnePoliceForceGoesToAnother() {
        ConsentTerms withheld = new ConsentTerms(false, false, Set.of(), false, false, Set.of(organisation(2)));
        when(request(null, "EC 2026-11-1", around(withheld, 1)));
        assertThat(offered().organisation()).isEqualTo(organisation(3));
    }

    private Referral state() {
        return DECIDER.fold(DECIDER.initial(), past);
    }

    private ServiceOffered offered() {
        return past.stream()
                .filter(ServiceOffered.class::isInstance)
                .map(ServiceOffered.class::cast)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private static RequestReferral request(
            @Nullable CountryClocks country, @Nullable String reportedUnder, Surroundings around) {
        return new RequestReferral(
                new Request(
                        new ReferralId(new UUID(7, 7)),
                        new CaseCode("4829-1370-6158"),
                        organisation(99),
                        ServiceType.POLICE,
                        Urgency.URGENT,
                        PLACE,
                        12,
                        true,
                        Sex.FEMININE,
                        NOON,
                        NOON.plus(Duration.ofHours(72)),
                        null,
                        null,
                        country,
                        reportedUnder,
                        null,
                        null),
                around,
                NOON);
    }

    /** An organisation that goes with people to the police, and two police forces. */
    private static Surroundings around(ConsentTerms consent, int nextOffer) {
        return new Surroundings(
                new Shortlist(
                        List.of(
                                candidate(1, OrganisationType.NGO),
                                candidate(2, OrganisationType.LAW_ENFORCEMENT),
                                candidate(3, OrganisationType.LAW_ENFORCEMENT)),
                        0,
                        0,
                        World.DAY),
                consent,
                Circumstances.NONE,
                World.offer(nextOffer));
    }

    private static Candidate candidate(int number, OrganisationType type) {
        return PlainCandidate.of(
                World.service(number),
                organisation(number),
                type,
                Set.of(ServiceType.POLICE),
                ServiceStatus.ACTIVE,
                false,
                List.of(new Site(PLACE, null, false)),
                false,
                Set.of(),
                Set.of(),
                null,
                null,
                null,
                null);
    }
}
