package org.passerelle.referral.routing;

/** A point on the globe, WGS 84, degrees. */
public record Coordinates(double latitude, double longitude) {

    private static final double EARTH_RADIUS_KM = 6371.0088;

    /** Great-circle distance (haversine), in kilometres; within 0.6 % of the ellipsoid's. */
    public double kilometresTo(Coordinates other) {
        double from = Math.toRadians(latitude);
        double to = Math.toRadians(other.latitude);
        double northward = Math.sin((to - from) / 2);
        double eastward = Math.sin(Math.toRadians(other.longitude - longitude) / 2);
        double chord = northward * northward + Math.cos(from) * Math.cos(to) * eastward * eastward;
        return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
    }
}
