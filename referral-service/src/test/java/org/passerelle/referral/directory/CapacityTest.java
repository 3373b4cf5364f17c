package org.passerelle.referral.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CapacityTest {

    private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2026-11-20T00:00:00Z");

    private static Capacity of(String unit, int available, @Nullable Instant updated) {
        return new Capacity(unit, available, 12, updated);
    }

    @Test
    void anImportDoesNotWipeWhatWasDeclaredSince() {
        List<Capacity> declared = List.of(of("bed", 3, LATER));
        assertThat(Capacity.latest(declared, List.of(of("bed", 9, THEN)))).isEqualTo(declared);
        assertThat(Capacity.latest(declared, List.of(of("bed", 9, null)))).isEqualTo(declared);
        assertThat(Capacity.latest(declared, List.of())).isEqualTo(declared);
        assertThat(Capacity.latest(declared, List.of(of("family", 1, null), of("place", 4, null))))
                .containsExactly(of("bed", 3, LATER), of("family", 1, null), of("place", 4, null));
    }

    @Test
    void anImportSaysWhatItSaysLaterOrFirst() {
        assertThat(Capacity.latest(List.of(of("bed", 3, THEN)), List.of(of("bed", 9, LATER))))
                .containsExactly(of("bed", 9, LATER));
        assertThat(Capacity.latest(List.of(of("bed", 3, null)), List.of(of("bed", 9, null))))
                .containsExactly(of("bed", 9, null));
        assertThat(Capacity.latest(List.of(of("bed", 3, null)), List.of())).isEmpty();
    }
}
