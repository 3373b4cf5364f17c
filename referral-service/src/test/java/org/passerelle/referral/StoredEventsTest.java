package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.testkit.GoldenFiles;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.SubscriptionId;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.directory.AssuranceStream;
import org.passerelle.referral.directory.AtLocation;
import org.passerelle.referral.directory.Capacity;
import org.passerelle.referral.directory.DirectoryEvent;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.directory.ListedLocation;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.directory.LocationKind;
import org.passerelle.referral.directory.OrganisationListing;
import org.passerelle.referral.investigating.EveryInvestigationEvent;
import org.passerelle.referral.investigating.InvestigationStream;
import org.passerelle.referral.members.EveryMembershipEvent;
import org.passerelle.referral.members.Heartbeat;
import org.passerelle.referral.members.MembershipStream;
import org.passerelle.referral.proposing.ProposalStream;
import org.passerelle.referral.proposing.ProposalTest;
import org.passerelle.referral.referring.AvoidanceTold;
import org.passerelle.referral.referring.AvoidanceTold.AvoidedOrganisation;
import org.passerelle.referral.referring.EveryEvent;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.ServiceChosen;
import org.passerelle.referral.referring.ReferralStream;
import org.passerelle.referral.routing.Reason;
import org.passerelle.referral.subscriptions.SubscriptionStream;

/** Every version of every event ever stored is read for ever: see {@link GoldenFiles}. */
class StoredEventsTest {

    private static final GoldenFiles GOLDEN = new GoldenFiles();
    private static final Instant AT = Instant.parse("2026-11-20T12:00:00Z");

    private static final OrganisationListing LISTING = new OrganisationListing(
            new OrganisationId(new UUID(0, 1)),
            "Maison inventée",
            "Elle n’existe pas.",
            OrganisationType.NGO,
            "https://example.org",
            List.of(new ListedService(
                    new ServiceId(new UUID(1, 1)),
                    "Refuge",
                    "Pour femmes",
                    ServiceStatus.TEMPORARILY_CLOSED,
                    List.of(ServiceType.SAFE_SHELTER),
                    List.of(Sex.FEMININE),
                    18,
                    60,
                    "femmes adultes",
                    List.of(new Capacity("lit", 4, 12, AT)),
                    true,
                    List.of(Area.of("BI-BM")),
                    List.of(new LocationId(new UUID(3, 1))),
                    List.of("run"),
                    List.of("+257 22 00 00 00"),
                    List.of("MO 08:00 17:00"),
                    null,
                    List.of())),
            List.of(new ListedLocation(
                    new LocationId(new UUID(3, 1)),
                    LocationKind.PHYSICAL,
                    "Maison",
                    new PlaceCode("BI-BM"),
                    -3.4,
                    29.3,
                    true,
                    "Sentier inventé 1",
                    List.of())));

    @Test
    void referralsAreReadForEver() throws IOException {
        GOLDEN.mean(ReferralStream.TYPES, EveryEvent.OF_EACH_TYPE);
    }

    @Test
    void whatRoutingSaidBeforeItWasSealedMeansTheSame() throws IOException {
        for (String type : List.of("referral.need-routed", "referral.service-chosen")) {
            assertThat(GOLDEN.read(ReferralStream.TYPES, type, 1))
                    .isEqualTo(GOLDEN.read(ReferralStream.TYPES, type, 2));
        }
    }

    /** What became of a package rests on it, and version 1 said it by reasons alone. */
    @Test
    void aChoiceOfBeforeThatPartedANeedFromOthersStillDoes() throws IOException {
        ServiceChosen apart = (ServiceChosen) new GoldenFiles(Path.of("src", "test", "resources", "golden-parting"))
                .read(ReferralStream.TYPES, "referral.service-chosen", 1);
        assertThat(apart.setAside()).extracting(Reason::code).containsExactly("out.not-together");
        assertThat(apart.apart()).isTrue();
        ServiceChosen refused = (ServiceChosen) ReferralStream.TYPES.decode(
                "referral.service-chosen",
                1,
                ("{\"against\":[{\"code\":\"out.place\",\"args\":[]},{\"code\":\"out.refused-another\",\"args\":[]}],"
                                + "\"at\":\"2026-11-20T13:00:00Z\"}")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(refused.apart()).isTrue();
    }

    @Test
    void whatRoutingSaidGoesWithThePerson() throws IOException {
        NeedRouted routed = (NeedRouted)
                GOLDEN.readErased(ReferralStream.TYPES, GOLDEN.read(ReferralStream.TYPES, "referral.need-routed", 2));
        assertThat(routed.ranking()).isNull();
        ServiceChosen chosen = (ServiceChosen) GOLDEN.readErased(
                ReferralStream.TYPES, GOLDEN.read(ReferralStream.TYPES, "referral.service-chosen", 2));
        assertThat(chosen.setAside()).isEmpty();
    }

    @Test
    void whatACaseAvoidsIsReadForEver_andGoesWithThePerson() throws IOException {
        AvoidanceTold told = new AvoidanceTold(
                2,
                List.of(new PlaceCode("NG-ED")),
                List.of(new AvoidedOrganisation(new OrganisationId(new UUID(0, 3)), WhyAvoided.REPRESENTS_OTHER_SIDE)),
                AT);
        GOLDEN.mean(AvoidanceTold.TYPES, List.of(told));
        assertThat(GOLDEN.readErased(AvoidanceTold.TYPES, told))
                .isEqualTo(new AvoidanceTold(2, List.of(), List.of(), AT));
    }

    @Test
    void theDirectoryIsReadForEver() throws IOException {
        GOLDEN.mean(
                DirectoryStream.TYPES,
                List.of(
                        new DirectoryEvent.OrganisationListed(LISTING),
                        new DirectoryEvent.OrganisationRevised(LISTING, List.of())));
    }

    /** Areas had no times at first and were stored by their codes alone; without times they still are. */
    @Test
    void anAreaIsReadForEverWithItsTimesAndWithout() throws IOException {
        OrganisationListing listing = ((DirectoryEvent.OrganisationListed)
                        new GoldenFiles(Path.of("src", "test", "resources", "golden-areas"))
                                .read(DirectoryStream.TYPES, "directory.organisation-listed", 1))
                .listing();
        assertThat(listing.services().getFirst().areas())
                .containsExactly(
                        Area.of("BI-BM"), new Area(new PlaceCode("BI-GI"), LocalDate.parse("2026-12-01"), null));
        NewEvent again = DirectoryStream.TYPES.encode(new DirectoryEvent.OrganisationListed(listing));
        assertThat(new String(again.data(), StandardCharsets.UTF_8).replaceAll("\\s", ""))
                .contains("\"areas\":[\"BI-BM\",{\"place\":\"BI-GI\",\"validFrom\":\"2026-12-01\"}]");
        assertThat(DirectoryStream.TYPES.decode(again.type(), again.schemaVersion(), again.data()))
                .isEqualTo(new DirectoryEvent.OrganisationListed(listing));
    }

    /** What a link to a location said was stored as said of the service at first; without it, it still is. */
    @Test
    void whatIsSaidAtALocationIsReadForEver() throws IOException {
        OrganisationListing listing = ((DirectoryEvent.OrganisationListed)
                        new GoldenFiles(Path.of("src", "test", "resources", "golden-at-locations"))
                                .read(DirectoryStream.TYPES, "directory.organisation-listed", 1))
                .listing();
        assertThat(listing.services().getFirst().atLocations())
                .containsExactly(new AtLocation(
                        new LocationId(new UUID(3, 1)), List.of("117"), List.of(), List.of("nuit et jour")));
        NewEvent again = DirectoryStream.TYPES.encode(new DirectoryEvent.OrganisationListed(listing));
        assertThat(DirectoryStream.TYPES.decode(again.type(), again.schemaVersion(), again.data()))
                .isEqualTo(new DirectoryEvent.OrganisationListed(listing));
        NewEvent without = DirectoryStream.TYPES.encode(new DirectoryEvent.OrganisationListed(LISTING));
        assertThat(new String(without.data(), StandardCharsets.UTF_8)).doesNotContain("atLocations");
    }

    @Test
    void whatWasAskedOfTheDirectoryIsReadForEver() throws IOException {
        GOLDEN.mean(
                AssuranceStream.TYPES,
                List.of(new AssuranceStream.AssuranceAsked(
                        new OrganisationId(new UUID(0, 1)), List.of(new ServiceId(new UUID(1, 1))), AT)));
    }

    @Test
    void subscriptionsAreReadForEver() throws IOException {
        GOLDEN.mean(
                SubscriptionStream.TYPES,
                List.of(new SubscriptionStream.SubscriptionOpened(
                        new SubscriptionId(new UUID(4, 1)), new OrganisationId(new UUID(0, 1)), "Intranet", AT)));
    }

    @Test
    void membershipsAreReadForEver() throws IOException {
        GOLDEN.mean(MembershipStream.TYPES, EveryMembershipEvent.OF_EACH_TYPE);
        GOLDEN.mean(Heartbeat.TYPES, List.of(new Heartbeat.Beat()));
    }

    @Test
    void investigationsAreReadForEver() throws IOException {
        GOLDEN.mean(InvestigationStream.TYPES, EveryInvestigationEvent.OF_EACH_TYPE);
    }

    @Test
    void proposalsAreReadForEver() throws IOException {
        GOLDEN.mean(ProposalStream.TYPES, ProposalTest.OF_EACH_TYPE);
    }

    @Test
    void noGoldenFileIsLeftBehind() throws IOException {
        GOLDEN.areAllOf(
                ReferralStream.TYPES,
                AvoidanceTold.TYPES,
                InvestigationStream.TYPES,
                ProposalStream.TYPES,
                DirectoryStream.TYPES,
                AssuranceStream.TYPES,
                SubscriptionStream.TYPES,
                MembershipStream.TYPES,
                Heartbeat.TYPES);
    }
}
