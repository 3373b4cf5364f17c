package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.SubscriptionId;
import org.passerelle.referral.directory.Capacity;
import org.passerelle.referral.directory.DirectoryEvent;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.directory.ListedLocation;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.directory.LocationKind;
import org.passerelle.referral.directory.OrganisationListing;
import org.passerelle.referral.referring.EveryEvent;
import org.passerelle.referral.referring.ReferralStream;
import org.passerelle.referral.subscriptions.SubscriptionStream;

/** Every version of every event ever stored is read for ever: one golden file each, never changed. */
class StoredEventsTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    private static final ObjectMapper JSON = new ObjectMapper();
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
                    List.of(new PlaceCode("BI-BM")),
                    List.of(new LocationId(new UUID(3, 1))),
                    List.of("run"),
                    List.of("+257 22 00 00 00"),
                    List.of("MO 08:00 17:00"))),
            List.of(new ListedLocation(
                    new LocationId(new UUID(3, 1)),
                    LocationKind.PHYSICAL,
                    "Maison",
                    new PlaceCode("BI-BM"),
                    -3.4,
                    29.3,
                    true,
                    "Sentier inventé 1")));

    private static <E> void add(Map<String, E> events, EventTypes<E> types, List<E> examples) {
        for (E example : examples) {
            NewEvent stored = types.encode(example);
            events.put(stored.type() + ".v" + stored.schemaVersion(), example);
        }
    }

    private static <E> void check(EventTypes<E> types, List<E> examples) throws IOException {
        Map<String, E> events = new TreeMap<>();
        add(events, types, examples);
        List<String> expected = new ArrayList<>();
        types.current().forEach((name, version) -> expected.add(name + ".v" + version));
        assertThat(events.keySet()).as("an example of every type").containsExactlyInAnyOrderElementsOf(expected);
        for (Map.Entry<String, E> event : events.entrySet()) {
            Path file = GOLDEN.resolve(event.getKey() + ".json");
            int dot = event.getKey().lastIndexOf(".v");
            String name = event.getKey().substring(0, dot);
            int version = Integer.parseInt(event.getKey().substring(dot + 2));
            assertThat(types.decode(name, version, Files.readAllBytes(file)))
                    .as("%s still means the same", file)
                    .isEqualTo(event.getValue());
            assertThat(JSON.readTree(types.encode(event.getValue()).data()))
                    .as("%s is still written the same: a change needs a new version", file)
                    .isEqualTo(JSON.readTree(file.toFile()));
        }
    }

    @Test
    void referralsAreReadForEver() throws IOException {
        check(ReferralStream.TYPES, EveryEvent.OF_EACH_TYPE);
    }

    @Test
    void theDirectoryIsReadForEver() throws IOException {
        check(
                DirectoryStream.TYPES,
                List.of(
                        new DirectoryEvent.OrganisationListed(LISTING),
                        new DirectoryEvent.OrganisationRevised(LISTING)));
    }

    @Test
    void subscriptionsAreReadForEver() throws IOException {
        check(
                SubscriptionStream.TYPES,
                List.of(new SubscriptionStream.SubscriptionOpened(
                        new SubscriptionId(new UUID(4, 1)), new OrganisationId(new UUID(0, 1)), "Intranet", AT)));
    }

    /** A file of a type that is gone, or of an older version, must still be readable. */
    @Test
    void noGoldenFileIsLeftBehind() throws IOException {
        try (var files = Files.list(GOLDEN)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".json", "");
                int dot = name.lastIndexOf(".v");
                int version = Integer.parseInt(name.substring(dot + 2));
                byte[] data = Files.readAllBytes(file);
                EventTypes<?> types = name.startsWith("referral.")
                        ? ReferralStream.TYPES
                        : name.startsWith("directory.") ? DirectoryStream.TYPES : SubscriptionStream.TYPES;
                assertThat(types.decode(name.substring(0, dot), version, data)).isNotNull();
            }
        }
    }
}
