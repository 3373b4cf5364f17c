package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.passerelle.referral.codes.LocationId;

/**
 * What is said of a service at one of its locations, HSDS {@code service_at_location}. Everybody reads it as said of the
 * service, but of a confidential location: there it goes with the address.
 *
 * @param dutyPhones those of the phones that are answered at any time
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AtLocation(LocationId location, List<String> phones, List<String> dutyPhones, List<String> openingHours) {

    public AtLocation {
        phones = phones == null ? List.of() : List.copyOf(phones);
        dutyPhones = dutyPhones == null ? List.of() : List.copyOf(dutyPhones);
        openingHours = openingHours == null ? List.of() : List.copyOf(openingHours);
    }
}
