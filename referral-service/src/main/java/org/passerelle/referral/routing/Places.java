package org.passerelle.referral.routing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.passerelle.referral.codes.PlaceCode;

/**
 * Places with their centroids: data shipped in {@code places.csv} ({@code code,name,latitude,longitude,origin}). A place
 * that is not in it can still be routed to: then only equality of codes counts, and distances are unknown.
 */
public final class Places {

    private static final String SHIPPED = "/org/passerelle/referral/routing/places.csv";

    private final Map<PlaceCode, Place> byCode;

    /** A place by its name in its country's own use. */
    public record Place(PlaceCode code, String name, Coordinates centroid) {}

    private Places(Map<PlaceCode, Place> byCode) {
        this.byCode = Map.copyOf(byCode);
    }

    public static Places shipped() {
        try (InputStream in = Places.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("missing " + SHIPPED);
            }
            return read(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Places read(Reader csv) throws IOException {
        Map<PlaceCode, Place> places = new HashMap<>();
        BufferedReader lines = new BufferedReader(csv);
        lines.readLine();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] cells = line.split(",", 5);
            PlaceCode code = new PlaceCode(cells[0]);
            Coordinates centroid = new Coordinates(Double.parseDouble(cells[2]), Double.parseDouble(cells[3]));
            if (places.put(code, new Place(code, cells[1], centroid)) != null) {
                throw new IllegalStateException("place given twice: " + code);
            }
        }
        return new Places(places);
    }

    public Optional<Coordinates> centroid(PlaceCode code) {
        return Optional.ofNullable(byCode.get(code)).map(Place::centroid);
    }

    /** The name to show; the code itself where no name is known. */
    public String name(PlaceCode code) {
        Place place = byCode.get(code);
        return place == null ? code.value() : place.name();
    }

    public int size() {
        return byCode.size();
    }
}
