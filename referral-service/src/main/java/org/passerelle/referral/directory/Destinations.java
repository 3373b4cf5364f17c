package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;

/**
 * Where a service is given, to the door, of confidential locations too: for whoever brings somebody there and nobody
 * else. All other readers ask {@code directory_site_shown}. See decision 176.
 */
@ApplicationScoped
public class Destinations {

    private static final String SERVICE =
            "select s.name, s.phones, s.opening_hours, s.terms, o.name as organisation_name"
                    + " from directory_service s join directory_organisation o on o.id = s.organisation_id"
                    + " where s.organisation_id = $1 and s.id = $2";

    /** Nobody is received where letters go. */
    private static final String SITES = "select t.*, shown.confidential as hidden from directory_site t"
            + " join directory_site_shown shown using (organisation_id, service_id, location_id)"
            + " where t.organisation_id = $1 and t.service_id = $2 and t.kind <> '"
            + LocationKind.POSTAL.code() + "' order by t.location_id";

    @Inject
    Pool pool;

    /**
     * Where a service is, as its organisation's entry says.
     *
     * @param alert what whoever comes should know first
     * @param phones of the service wherever it is given; likewise its opening hours
     * @param dutyPhones those that are answered at any time
     * @param housesNotTold how many confidential places there are, where it is more than one and nobody can tell here
     *     which of them is meant: none of them is among the locations; null else
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Destination(
            UUID organisation,
            String organisationName,
            UUID service,
            String serviceName,
            @Nullable String alert,
            List<String> phones,
            List<String> dutyPhones,
            List<String> openingHours,
            List<Door> locations,
            @Nullable Integer housesNotTold) {}

    /**
     * One of the places where the service is given, with all that is known of it.
     *
     * @param confidential to be told to nobody else
     * @param place ISO 3166-2 code or p-code
     * @param phones at this place; likewise the opening hours
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Door(
            UUID id,
            String kind,
            boolean confidential,
            @Nullable String name,
            @Nullable String address,
            @Nullable String place,
            @Nullable Double latitude,
            @Nullable Double longitude,
            List<String> accessibility,
            List<String> phones,
            List<String> dutyPhones,
            List<String> openingHours) {

        static Door of(Row row) {
            return new Door(
                    row.getUUID("location_id"),
                    row.getString("kind"),
                    row.getBoolean("hidden"),
                    row.getString("name"),
                    row.getString("address"),
                    row.getString("place"),
                    row.getDouble("latitude"),
                    row.getDouble("longitude"),
                    texts(row, "accessibility"),
                    texts(row, "phones"),
                    texts(row, "duty_phones"),
                    texts(row, "opening_hours"));
        }

        /** Not even to a log. */
        @Override
        public String toString() {
            return "Door";
        }
    }

    /** @return null where the organisation's entry no longer lists the service */
    public Uni<@Nullable Destination> of(OrganisationId organisation, ServiceId service) {
        Tuple which = Tuple.of(organisation.value(), service.value());
        return pool.preparedQuery(SERVICE)
                .execute(which)
                .flatMap(services -> services.size() == 0
                        ? Uni.createFrom().nullItem()
                        : pool.preparedQuery(SITES).execute(which).map(sites -> {
                            List<Door> doors = new ArrayList<>(sites.size());
                            sites.forEach(site -> doors.add(Door.of(site)));
                            return destination(
                                    organisation, service, services.iterator().next(), doors);
                        }));
    }

    private static Destination destination(
            OrganisationId organisation, ServiceId service, Row listed, List<Door> doors) {
        Terms terms = TermsJson.read(listed.getString("terms"));
        List<Door> confidential = doors.stream().filter(Door::confidential).toList();
        boolean several = confidential.size() > 1;
        List<Door> told = new ArrayList<>(doors);
        if (several) {
            told.removeAll(confidential);
        }
        return new Destination(
                organisation.value(),
                listed.getString("organisation_name"),
                service.value(),
                listed.getString("name"),
                terms == null ? null : terms.alert(),
                texts(listed, "phones"),
                terms == null ? List.of() : terms.dutyPhones(),
                texts(listed, "opening_hours"),
                told,
                several ? (Integer) confidential.size() : null);
    }

    private static List<String> texts(Row row, String column) {
        return Arrays.asList(row.getArrayOfStrings(column));
    }
}
