package org.passerelle.identification.emergency;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;
import org.passerelle.identification.emergency.GlassEvent.GlassReviewed;

/** Every glass that one account broke. */
public record Glasses(List<Glass> all) {

    public Glasses {
        all = List.copyOf(all);
    }

    public static Glasses none() {
        return new Glasses(List.of());
    }

    public Optional<Glass> find(GlassId id) {
        return all.stream().filter(glass -> glass.broken().glassId().equals(id)).findFirst();
    }

    public Optional<Glass> openAt(Instant moment) {
        return all.stream().filter(glass -> glass.openAt(moment)).findFirst();
    }

    long unreviewed() {
        return all.stream().filter(glass -> glass.review() == null).count();
    }

    Glasses with(GlassBroken broken) {
        return new Glasses(
                Stream.concat(all.stream(), Stream.of(new Glass(broken, null))).toList());
    }

    Glasses with(GlassReviewed review) {
        return new Glasses(all.stream()
                .map(glass ->
                        glass.broken().glassId().equals(review.glassId()) ? new Glass(glass.broken(), review) : glass)
                .toList());
    }
}
