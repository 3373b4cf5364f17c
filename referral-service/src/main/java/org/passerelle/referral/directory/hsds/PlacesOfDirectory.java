package org.passerelle.referral.directory.hsds;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.directory.ListedLocation;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.directory.OrganisationListing;
import org.passerelle.referral.routing.Place;
import org.passerelle.referral.routing.Places;

/** Says which places of a document the register does not know, or knows by another code by now. */
public final class PlacesOfDirectory {

    private final Places places;
    private final LocalDate today;
    private final Faults faults = new Faults();

    private PlacesOfDirectory(Places places, LocalDate today) {
        this.places = places;
        this.today = today;
    }

    /** The same directory with these warnings as well. */
    public static HsdsDirectory checked(HsdsDirectory directory, Places places, LocalDate today) {
        PlacesOfDirectory check = new PlacesOfDirectory(places, today);
        for (OrganisationListing listing : directory.organisations()) {
            for (ListedLocation location : listing.locations()) {
                PlaceCode place = location.place();
                if (place != null) {
                    check.look("locations id=" + location.id(), "iso_3166_2", place);
                }
            }
            for (ListedService service : listing.services()) {
                for (Area area : service.areas()) {
                    check.look("services id=" + service.id(), "service_areas", area.place());
                }
            }
        }
        List<Fault> warnings = new ArrayList<>(directory.warnings());
        warnings.addAll(check.faults.warnings());
        return new HsdsDirectory(
                directory.organisations(),
                directory.services(),
                directory.locations(),
                directory.openLocations(),
                warnings);
    }

    private void look(String record, String field, PlaceCode code) {
        Place place = places.find(code).orElse(null);
        if (place != null) {
            LocalDate last = place.validTo();
            if (last != null && today.isAfter(last)) {
                faults.warn(record, field, "import.place-ended", code.value(), last.toString());
            }
        } else if (places.isMissing(code)) {
            faults.warn(record, field, "import.place-not-registered", code.value());
        }
    }
}
