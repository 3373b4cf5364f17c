package org.passerelle.local.demonstration;

import java.net.URI;

/** Where the four services and the login server answer. */
public record Addresses(URI identification, URI referral, URI assistance, URI reporting, URI token) {

    /** Everything behind one gateway, as {@code ./passerelle up} sets it up. */
    public static Addresses behindGateway(URI gateway) {
        return new Addresses(gateway, gateway, gateway, gateway, gateway.resolve("/login/passerelle/token"));
    }

    /** The address of a path such as {@code /referral/tasks}: its first segment names the service. */
    URI of(String path) {
        int end = path.indexOf('/', 1);
        var service = end < 0 ? path.substring(1) : path.substring(1, end);
        var base = switch (service) {
            case "identification" -> identification;
            case "referral" -> referral;
            case "assistance" -> assistance;
            case "reporting" -> reporting;
            default -> throw new IllegalArgumentException("No service answers " + path);
        };
        return base.resolve(path);
    }
}
