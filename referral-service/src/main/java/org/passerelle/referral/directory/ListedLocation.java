package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.PlaceCode;

/**
 * Where services are given.
 *
 * @param place the place by its ISO 3166-2 code or p-code, or only the country where the directory names no more; null when it names none
 * @param latitude degrees north, WGS 84; null together with longitude
 * @param confidential a shelter whose address reaches nobody who does not bring someone there: every view leaves out
 *     its name, address and coordinates
 * @param accessibility in words of whoever wrote the directory
 */
public record ListedLocation(
        LocationId id,
        LocationKind kind,
        @Nullable String name,
        @Nullable PlaceCode place,
        @Nullable Double latitude,
        @Nullable Double longitude,
        boolean confidential,
        @Nullable String address,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> accessibility) {

    public ListedLocation {
        // events of before do not say it
        accessibility = accessibility == null ? List.of() : List.copyOf(accessibility);
    }

    /** Nothing is said of it but that it is confidential: so an export has it. */
    boolean isUntold() {
        return confidential && name == null && address == null && latitude == null;
    }

    ListedLocation keeping(@Nullable ListedLocation known) {
        return known == null || !isUntold()
                ? this
                : new ListedLocation(
                        id,
                        kind,
                        known.name,
                        finer(known.place, place),
                        known.latitude,
                        known.longitude,
                        true,
                        known.address,
                        known.accessibility);
    }

    /** What an export leaves out of the place, its import does not take away. */
    private static @Nullable PlaceCode finer(@Nullable PlaceCode known, @Nullable PlaceCode said) {
        return known != null && said != null && said.equals(known.asFarAsCommunes()) ? known : said;
    }

    /** The place as everybody may know it: of a confidential location no hamlet. */
    public @Nullable PlaceCode shownPlace() {
        return place != null && confidential ? place.asFarAsCommunes() : place;
    }

    ListedLocation hidden() {
        return confidential
                ? this
                : new ListedLocation(id, kind, name, place, latitude, longitude, true, address, accessibility);
    }
}
