package org.passerelle.referral.routing;

import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.PlaceCode;

/**
 * Where a service is given, as routing sees it.
 *
 * @param place null when the directory does not say
 * @param position null when the directory does not say, and for a confidential site: distances to several places would
 *     tell where a shelter is, so its place's centroid stands for it
 * @param virtual given by telephone or online
 * @param location by which two services at one address know each other; null when not known
 */
public record Site(
        @Nullable PlaceCode place,
        @Nullable Coordinates position,
        boolean virtual,
        @Nullable LocationId location) {

    public Site(@Nullable PlaceCode place, @Nullable Coordinates position, boolean virtual) {
        this(place, position, virtual, null);
    }
}
