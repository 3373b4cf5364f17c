package org.passerelle.referral.routing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** The weights that the service is shipped with. */
public final class ShippedWeights {

    private static final String PREFIX = "passerelle.routing.weights.";

    public static final Weights.Table TABLE = table();

    private ShippedWeights() {}

    private static Weights.Table table() {
        Properties shipped = new Properties();
        try (InputStream in =
                Objects.requireNonNull(ShippedWeights.class.getResourceAsStream("/application.properties"))) {
            shipped.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Weights.Table(of(shipped, "emergency"), of(shipped, "urgent"), of(shipped, "normal"));
    }

    private static Weights of(Properties shipped, String urgency) {
        return Weights.of(
                Integer.parseInt(shipped.getProperty(PREFIX + "version")),
                List.of(shipped.getProperty(PREFIX + urgency).split(",")));
    }
}
