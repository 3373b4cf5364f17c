package org.passerelle.referral.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;

/**
 * What a service says that it can take.
 *
 * @param unit what is counted (HSDS unit): beds, places, families
 * @param available free when it was said; never negative
 * @param maximum null when not said
 * @param updated when it was said; null when not said
 */
public record Capacity(
        String unit,
        int available,
        @Nullable Integer maximum,
        @Nullable Instant updated) {

    /** What is counted by a service that did not say so. */
    private static final String PLACE = "place";

    /** What a document says, by unit, except where a known figure was said later or the document does not say when. */
    static List<Capacity> latest(List<Capacity> known, List<Capacity> document) {
        List<Capacity> figures = new ArrayList<>(document);
        for (Capacity figure : known) {
            Instant said = figure.updated();
            if (said != null
                    && document.stream()
                            .filter(other -> other.unit().equals(figure.unit()))
                            .allMatch(other -> other.updated() == null || said.isAfter(other.updated()))) {
                figures.removeIf(other -> other.unit().equals(figure.unit()));
                figures.add(figure);
            }
        }
        figures.sort(Comparator.comparing(Capacity::unit));
        return figures;
    }

    /** These figures with a newer one: of the unit that it names, or of the only one there is. */
    static List<Capacity> declared(List<Capacity> known, DirectoryStream.DeclareCapacity newer) {
        String unit = newer.unit();
        if (unit == null && known.size() > 1) {
            throw Refusal.of("which-unit").invalid().field("unit");
        }
        String named =
                unit != null ? unit : known.isEmpty() ? PLACE : known.getFirst().unit();
        List<Capacity> figures = new ArrayList<>(known);
        figures.removeIf(figure -> figure.unit().equals(named));
        Integer maximum = newer.maximum() != null
                ? newer.maximum()
                : known.stream()
                        .filter(figure -> figure.unit().equals(named))
                        .map(Capacity::maximum)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        if (maximum != null && newer.available() > maximum) {
            throw Refusal.of("more-than-maximum").invalid().field("available");
        }
        figures.add(new Capacity(named, newer.available(), maximum, newer.at()));
        figures.sort(Comparator.comparing(Capacity::unit));
        return figures;
    }
}
