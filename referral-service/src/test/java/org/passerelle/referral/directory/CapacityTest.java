package org.passerelle.referral.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.DirectoryStream.DeclareCapacity;
import org.passerelle.referral.directory.DirectoryStream.Figure;

class CapacityTest {

    private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2026-11-20T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    private static Capacity of(String unit, int available, @Nullable Instant updated) {
        return new Capacity(unit, available, 12, updated);
    }

    private static Capacity imported(String unit, int available, Instant at) {
        return new Capacity(unit, available, 12, at, true);
    }

    private static List<Capacity> latest(List<Capacity> known, Capacity... document) {
        return Capacity.latest(known, List.of(document), NOW);
    }

    @Test
    void anImportDoesNotWipeWhatWasDeclaredSince() {
        List<Capacity> declared = List.of(of("bed", 3, LATER));
        assertThat(latest(declared, of("bed", 9, THEN))).isEqualTo(declared);
        assertThat(latest(declared, of("bed", 9, null))).isEqualTo(declared);
        assertThat(latest(declared)).isEqualTo(declared);
    }

    @Test
    void anImportSaysWhatItSaysLaterOrFirst() {
        assertThat(latest(List.of(of("bed", 3, THEN)), of("bed", 9, LATER))).containsExactly(of("bed", 9, LATER));
    }

    @Test
    void aDocumentThatNamesUnitsRetiresTheOthers() {
        assertThat(latest(List.of(of("bed", 4, LATER)), of("beds", 4, THEN))).containsExactly(of("beds", 4, THEN));
        assertThat(latest(
                        List.of(of("bed", 3, LATER), of("place", 2, LATER)), of("family", 1, THEN), of("bed", 4, THEN)))
                .containsExactly(of("bed", 3, LATER), of("family", 1, THEN));
    }

    @Test
    void whatADocumentSaysWithoutADateIsOfItsImport() {
        List<Capacity> first = latest(List.of(), of("bed", 4, null));
        assertThat(first).containsExactly(imported("bed", 4, NOW));
        assertThat(Capacity.latest(first, List.of(of("bed", 4, null)), NOW.plusSeconds(9)))
                .as("said again, it is the same")
                .isEqualTo(first);
        assertThat(Capacity.latest(first, List.of(of("bed", 6, null)), NOW.plusSeconds(9)))
                .containsExactly(imported("bed", 6, NOW.plusSeconds(9)));
        assertThat(latest(first)).as("nobody declared it here").isEmpty();
        assertThat(latest(List.of(of("bed", 3, null)), of("bed", 9, null))).containsExactly(imported("bed", 9, NOW));
    }

    @Test
    void aRoomForAFamilyIsNoBed() {
        assertThat(Capacity.free(List.of(of("bed", 0, NOW), of("family", 2, NOW))))
                .isZero();
        assertThat(Capacity.free(List.of(of("famille", 0, NOW), of("lits femmes", 3, NOW), of("lits hommes", 1, NOW))))
                .isEqualTo(4);
        assertThat(Capacity.free(List.of(of("cot", 5, NOW), of("suite", 2, NOW))))
                .as("never more than any of them allows")
                .isEqualTo(2);
        assertThat(Capacity.free(List.of(of("family", 2, NOW)))).isEqualTo(2);
        assertThat(Capacity.free(List.of())).isZero();
    }

    private static List<Capacity> declared(List<Capacity> known, boolean all, boolean perhapsRepeated, Figure... said) {
        return Capacity.declared(
                known, new DeclareCapacity(new ServiceId(new UUID(0, 1)), List.of(said), all, perhapsRepeated, NOW));
    }

    private static String refused(List<Capacity> known, boolean all, Figure... said) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> declared(known, all, false, said));
        assertThat(refusal).isNotNull();
        return refusal.code() + " " + refusal.args();
    }

    @Test
    void aClickSaysWhichOfSeveralUnits_orAllOfThem() {
        List<Capacity> known = List.of(of("bed", 3, THEN), of("family", 1, THEN));
        assertThat(refused(known, false, new Figure(null, 2, null))).isEqualTo("which-unit [bed, family]");
        assertThat(refused(known, false, new Figure("beds", 2, null))).isEqualTo("unknown-unit [bed, family]");
        assertThat(refused(known, true, new Figure("bed", 2, null), new Figure("Bed", 1, null)))
                .startsWith("unit-twice");
        assertThat(refused(known, true, new Figure("bed", 13, null))).startsWith("more-than-maximum");
        assertThat(declared(known, false, false, new Figure("Bed", 2, null)))
                .containsExactly(of("bed", 2, NOW), of("family", 1, THEN));
        assertThat(declared(known, true, false, new Figure("bed", 2, null), new Figure("room", 1, 12)))
                .as("what is left out is no longer counted")
                .containsExactly(of("bed", 2, NOW), of("room", 1, NOW));
        assertThat(declared(List.of(), false, false, new Figure(null, 2, 12))).containsExactly(of("place", 2, NOW));
    }

    @Test
    void withoutAKeyTheSameWithinAMinuteIsARepeat() {
        List<Capacity> known = List.of(of("bed", 3, NOW.minusSeconds(20)));
        assertThat(declared(known, false, true, new Figure(null, 3, null))).isEqualTo(known);
        assertThat(declared(known, false, true, new Figure(null, 2, null))).containsExactly(of("bed", 2, NOW));
        assertThat(declared(known, false, false, new Figure(null, 3, null))).containsExactly(of("bed", 3, NOW));
        assertThat(declared(List.of(of("bed", 3, NOW.minusSeconds(70))), false, true, new Figure(null, 3, null)))
                .containsExactly(of("bed", 3, NOW));
    }
}
