package org.passerelle.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a file can be. What a database can be is in TamperTest. */
@Tag("tamper")
class VerificationTest {

    private static final String SERVICE = "sample";
    private static final UUID EPOCH = UUID.fromString("7d0e7bd4-5f5c-4b4b-8f3e-0a8a4b7a2f11");
    private static final byte[] KEY = new byte[32];
    private static final NoteSigner LOG = NoteSigner.of(Checkpoint.log(SERVICE), NoteKey.Type.NOTE, new byte[32]);
    private static final NoteSigner WITNESS =
            NoteSigner.of(Checkpoint.witness("other"), NoteKey.Type.COSIGNATURE, new byte[32]);
    private static final Trust TRUST = new Trust(List.of(WITNESS.key()), List.of(LOG.key()), List.of(KEY), 1L);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final List<EventRecord> events = new ArrayList<>();
    private final TreeHash hash = new TreeHash();

    private void events(int count) {
        var maker = new Attestation.Maker(SERVICE, KEY);
        byte[] by = "{}".getBytes(StandardCharsets.UTF_8);
        for (int i = 1; i <= count; i++) {
            byte[] data = ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8);
            String stream = "counter-" + i % 5;
            long version = (i - 1) / 5 + 1;
            events.add(new EventRecord(
                    i,
                    stream,
                    version,
                    "added",
                    1,
                    data,
                    by,
                    EventRecord.micros(NOW) - 1_000_000L * (count - i),
                    maker.attest(stream, version, "added", 1, data, by)));
        }
    }

    private List<byte[]> leaves() {
        List<byte[]> leaves = new ArrayList<>();
        for (EventRecord event : events) {
            leaves.add(EventRecord.leafHashOf(hash, leaves.size() + 1, event.content()));
        }
        return leaves;
    }

    private Note seen(int size) {
        Frontier frontier = new Frontier(hash);
        leaves().subList(0, size).forEach(frontier::add);
        String origin = Checkpoint.origin(SERVICE, EPOCH);
        String text = new Checkpoint(origin, size, frontier.root()).text();
        return new Note(text, List.of(LOG.named(origin).sign(text), WITNESS.cosign(text, NOW)));
    }

    private byte[] export() throws IOException {
        Map<Tile, byte[]> tiles = new HashMap<>();
        tiles.putAll(new TileTree(tiles::get).added(0, leaves()));
        var bytes = new ByteArrayOutputStream();
        var to = new DataOutputStream(bytes);
        ExportFrame.begin(to);
        ExportFrame.write(to, new ExportFrame.Header(SERVICE, NOW, List.of(new ExportFrame.Life(EPOCH, 1))));
        for (int i = 0; i < events.size(); i++) {
            if (i % Tile.WIDTH == 0) {
                ExportFrame.write(to, new ExportFrame.Leaves(i / Tile.WIDTH, tiles.get(new Tile(0, i / Tile.WIDTH))));
            }
            ExportFrame.write(to, new ExportFrame.Event(i + 1, events.get(i).content()));
        }
        ExportFrame.write(to, new ExportFrame.End(events.size(), 0));
        return bytes.toByteArray();
    }

    private static Verification.Report verify(byte[] export, Note... notes) throws IOException {
        return Verification.verify(new ByteArrayInputStream(export), List.of(notes), TRUST);
    }

    @Test
    void aLogThatIsAsItWasSeenIsSound() throws IOException {
        events(700);
        var report = verify(export(), seen(100), seen(600));
        assertThat(report.findings()).isEmpty();
        assertThat(report.proven()).isEqualTo(600);
        assertThat(report.notWitnessed()).isEqualTo(100);
        assertThat(report.exposed()).hasSeconds(99);
        assertThat(report.witness()).isEqualTo("passerelle/other/witness");
    }

    private Verification.Report byTwo(Note note, NoteSigner one, NoteSigner other) throws IOException {
        // What each gave lies in the file by itself.
        List<Note> notes = List.of(
                new Note(note.text(), List.of(note.signatures().getFirst(), one.cosign(note.text(), NOW))),
                new Note(note.text(), List.of(note.signatures().getFirst(), other.cosign(note.text(), NOW))));
        return Verification.verify(
                new ByteArrayInputStream(export()),
                notes,
                new Trust(List.of(one.key(), other.key()), List.of(LOG.key()), List.of(KEY), 1L, 2));
    }

    @Test
    void twoWitnessesAreAQuorumOnlyWhereTheyAreTwo() throws IOException {
        events(300);
        Note note = seen(300);
        byte[] seed = new byte[32];
        seed[0] = 1;
        NoteSigner another = NoteSigner.of("witness.example/w1", NoteKey.Type.COSIGNATURE, seed);
        assertThat(byTwo(note, WITNESS, another).findings()).isEmpty();
        assertThat(byTwo(note, WITNESS, another).proven()).isEqualTo(300);
        assertThat(byTwo(note, WITNESS, another).witness())
                .isEqualTo("passerelle/other/witness and witness.example/w1");

        for (NoteSigner same : List.of(
                WITNESS, // itself
                WITNESS.named("witness.example/w1"), // its key under another name
                NoteSigner.of(WITNESS.key().name(), NoteKey.Type.COSIGNATURE, seed))) { // its next key
            Verification.Report report = byTwo(note, WITNESS, same);
            assertThat(report.proven()).isZero();
            assertThat(report.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.NOT_WITNESSED);
        }
    }

    @Test
    void anEmptyLogThatNobodyHasSeenHasNothingToHide() throws IOException {
        assertThat(verify(export()).findings()).isEmpty();
        events(1);
        assertThat(verify(export()).findings()).extracting(Finding::kind).containsExactly(Finding.Kind.NOT_WITNESSED);
    }

    @Test
    void aFileThatIsCutOffAnywhereIsNotSound() throws IOException {
        events(300);
        Note seen = seen(300);
        byte[] export = export();
        for (int length = 0; length < export.length; length += 101) {
            assertNotSound(Arrays.copyOf(export, length), seen);
        }
        assertNotSound(Arrays.copyOf(export, export.length - 1), seen);
    }

    @Test
    void aFileInWhichOneByteDiffersIsNotSound() throws IOException {
        events(300);
        Note seen = seen(300);
        byte[] export = export();
        int begin = new String(export, StandardCharsets.ISO_8859_1).indexOf("T\0\0") + 1;
        int end = export.length - 2 * Long.BYTES; // how many wait for a position is proven by nothing
        Random random = new Random(300);
        for (int i = 0; i < 500; i++) {
            byte[] changed = export.clone();
            changed[begin + random.nextInt(end - begin)] ^= (byte) (1 << random.nextInt(8));
            assertNotSound(changed, seen);
        }
    }

    private static void assertNotSound(byte[] export, Note seen) {
        try {
            assertThat(verify(export, seen).sound()).isFalse();
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Test
    void twoWitnessesThatContradictEachOtherShowAFork() throws IOException {
        events(50);
        byte[] export = export();
        Note one = seen(50);
        events.set(9, events.get(10));
        Note other = seen(50);
        assertThat(verify(export, one, other).findings())
                .extracting(Finding::kind)
                .contains(Finding.Kind.FORK);
    }

    @Test
    void manyChangesAtOnceAreNamedEach() throws IOException {
        events(400);
        Note seen = seen(400);
        assertThat(verify(export(), seen).sound()).isTrue();

        // 20 is gone, 100 is another, 200 and 300 have changed places, and all lies close together again.
        var report = verify(changed(events), seen);
        assertThat(of(report, Finding.Kind.MISSING)).containsExactly(20L);
        assertThat(of(report, Finding.Kind.EDITED)).containsExactly(100L);
        // Where they lie now.
        assertThat(of(report, Finding.Kind.REORDERED)).containsExactly(199L, 299L);
        assertThat(of(report, Finding.Kind.INSERTED)).isEmpty();
    }

    private static List<Long> of(Verification.Report report, Finding.Kind kind) {
        return report.findings().stream()
                .filter(one -> one.kind() == kind)
                .map(Finding::from)
                .toList();
    }

    private byte[] changed(List<EventRecord> genuine) throws IOException {
        Map<Tile, byte[]> tiles = new HashMap<>();
        tiles.putAll(new TileTree(tiles::get).added(0, leaves()));
        List<EventRecord> rows = new ArrayList<>(genuine);
        EventRecord hundred = rows.get(99);
        rows.set(
                99,
                new EventRecord(
                        hundred.id(),
                        hundred.stream(),
                        hundred.version(),
                        "removed",
                        1,
                        hundred.data(),
                        hundred.metadata(),
                        hundred.recordedAtMicros(),
                        hundred.attestation()));
        EventRecord twoHundred = rows.get(199);
        rows.set(199, rows.get(299));
        rows.set(299, twoHundred);
        rows.remove(19);
        var bytes = new ByteArrayOutputStream();
        var to = new DataOutputStream(bytes);
        ExportFrame.begin(to);
        ExportFrame.write(to, new ExportFrame.Header(SERVICE, NOW, List.of(new ExportFrame.Life(EPOCH, 1))));
        for (int i = 0; i < rows.size(); i++) {
            if (i % Tile.WIDTH == 0) {
                ExportFrame.write(to, new ExportFrame.Leaves(i / Tile.WIDTH, tiles.get(new Tile(0, i / Tile.WIDTH))));
            }
            ExportFrame.write(to, new ExportFrame.Event(i + 1, rows.get(i).content()));
        }
        ExportFrame.write(to, new ExportFrame.End(rows.size(), 0));
        return bytes.toByteArray();
    }
}
