package org.passerelle.proof;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.ExportFrame.End;
import org.passerelle.proof.ExportFrame.Event;
import org.passerelle.proof.ExportFrame.Header;
import org.passerelle.proof.ExportFrame.Leaves;
import org.passerelle.proof.ExportFrame.Own;
import org.passerelle.proof.ExportFrame.Stray;

/**
 * Compares an export with what witnesses have seen. Reads it once from begin to end; keeps some 50 bytes of each event.
 *
 * <p>Two trees are built side by side: one over the events as they are, one over the hashes of leaves that lie beside them.
 * Where the first has a witness's root, all events up to there are proven. Where only the second has it, the hashes are
 * genuine and tell which events are not. Where neither has it, the hashes were changed as well, and only the witness's
 * next older checkpoint says from where on.
 */
public final class Verification {

    private static final int BUFFER = 1 << 20;

    /** Positions without event in a row; beyond, nothing behind them is looked at. */
    private static final long GAP = 1_000_000;

    /** Of one kind; more are counted. */
    private static final int FINDINGS = 1_000;

    /**
     * @param service      whose log it is
     * @param events       with a position
     * @param pending      still waiting for one
     * @param proven       all events up to this position are those that a witness has seen; 0 for none
     * @param witness      who has; null for nobody
     * @param witnessedAt  when
     * @param notWitnessed events behind, with a position
     * @param exposed      age of the oldest of them when the export was made
     * @param findings     at most 1 000 of a kind
     * @param more         findings that are not listed
     */
    public record Report(
            String service,
            long events,
            long pending,
            long proven,
            @Nullable String witness,
            @Nullable Instant witnessedAt,
            long notWitnessed,
            Duration exposed,
            List<Finding> findings,
            long more) {

        /** Whether nothing was found. */
        public boolean sound() {
            return findings.isEmpty();
        }
    }

    private final Trust trust;
    private final List<Note> notes;
    private final TreeHash hash = new TreeHash();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Finding.Kind, Integer> kinds = new EnumMap<>(Finding.Kind.class);
    private final Suspects suspects = new Suspects();
    private long more;

    private Header header = new Header("", Instant.EPOCH, List.of());
    private Witnessed witnessed = Witnessed.of(header, List.of(), new Trust(List.of(), List.of(), List.of(), null));
    private EventChecks checks;
    private int nextPoint;
    private @Nullable Checkpoint own;
    private boolean ownIsThisHistory;

    /** Over the events as they are; worthless behind a position that has none. */
    private final Frontier ofEvents = new Frontier(hash);

    private boolean complete = true;

    /** Over the stored hashes; null as long as both are one. */
    private @Nullable Frontier ofHashes;

    private Leaves leaves = new Leaves(-1, new byte[0]);
    private long next = 1;
    private long events;
    private long last;

    private Witnessed.@Nullable Point proven;
    private long genuineUpTo;
    private long provenUpTo;
    private Instant oldestBehind = Instant.MAX;
    private Witnessed.@Nullable Point firstWrong;

    private Verification(List<Note> notes, Trust trust) {
        this.notes = notes;
        this.trust = trust;
        this.checks = new EventChecks("", trust);
    }

    /**
     * @param export      as {@link LogExport} wrote it, after the checkpoints were asked for: what a witness has seen must
     *     be in it
     * @param checkpoints as a witness gave them, of this log and of any others
     */
    public static Report verify(InputStream export, List<Note> checkpoints, Trust trust) throws IOException {
        return new Verification(checkpoints, trust).run(new DataInputStream(new BufferedInputStream(export, BUFFER)));
    }

    private Report run(DataInputStream from) throws IOException {
        ExportFrame.skipMagic(from);
        if (!(ExportFrame.read(from) instanceof Header first)) {
            throw new IOException("an export begins with its header");
        }
        header = first;
        witnessed = Witnessed.of(header, notes, trust);
        witnessed.findings().forEach(this::found);
        checks = new EventChecks(header.service(), trust);
        End end = null;
        try {
            for (ExportFrame frame = ExportFrame.read(from); frame != null && end == null; frame = next(from, end)) {
                end = take(frame);
            }
        } catch (IOException e) {
            found(Finding.of(Finding.Kind.EXPORT_BROKEN, "it cannot be read behind seq " + last));
        }
        cutOff();
        if (end == null || end.events() != events) {
            found(Finding.of(Finding.Kind.EXPORT_BROKEN, "it ends before its end"));
        }
        judge();
        return report(end == null ? 0 : end.pending());
    }

    private static @Nullable ExportFrame next(DataInputStream from, @Nullable End end) throws IOException {
        return end == null ? ExportFrame.read(from) : null;
    }

    private @Nullable End take(ExportFrame frame) throws IOException {
        switch (frame) {
            case Header again -> throw new IOException("a second header");
            case Leaves tile -> tile(tile);
            case Event event -> event(event);
            case Stray stray ->
                found(Finding.of(
                        Finding.Kind.NOT_IN_LOG,
                        "id " + parsed(stray.content()).id() + ", version "
                                + parsed(stray.content()).version() + " of its stream"));
            case Own signed -> own(signed);
            case End end -> {
                return end;
            }
        }
        return null;
    }

    private static EventRecord parsed(byte[] content) throws IOException {
        try {
            return EventRecord.parse(content);
        } catch (IllegalArgumentException e) {
            throw new IOException("an event that cannot be read", e);
        }
    }

    private void own(Own signed) {
        try {
            Note note = Note.parse(signed.note());
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            if (trust.logSigned(note, checkpoint.origin())) {
                own = checkpoint;
                return;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        found(Finding.of(Finding.Kind.BAD_SIGNATURE, "the log's own last checkpoint is not signed by its key"));
    }

    /** Every event before it has been read: positions of the last tile that nobody came to are those of events that are gone. */
    private void tile(Leaves tile) {
        cutOff();
        if (tile.index() <= leaves.index()
                || tile.index() > (next + GAP) / Tile.WIDTH
                || tile.hashes().length % TreeHash.BYTES != 0
                || tile.hashes().length > Tile.WIDTH * TreeHash.BYTES) {
            found(Finding.of(Finding.Kind.TREE_DAMAGED, "a tile of leaves that cannot be one"));
            return;
        }
        leaves = tile;
    }

    private long lastStored() {
        return leaves.index() * Tile.WIDTH + leaves.hashes().length / TreeHash.BYTES;
    }

    private void event(Event event) throws IOException {
        if (event.seq() < next) {
            throw new IOException("positions that do not ascend");
        }
        if (event.seq() > next + GAP) {
            found(new Finding(Finding.Kind.MISSING, next, event.seq() - 1, "no event has these positions"));
            throw new IOException("a log with a hole");
        }
        EventRecord record = parsed(event.content());
        while (next < event.seq()) {
            position(next, null);
        }
        events++;
        last = event.seq();
        position(event.seq(), hash.plain(event.content(), 0, event.content().length));
        checks.check(event.seq(), record, this::found);
        if (event.seq() > provenUpTo) {
            Instant at = Instant.EPOCH.plus(record.recordedAtMicros(), ChronoUnit.MICROS);
            if (at.isBefore(oldestBehind)) {
                oldestBehind = at;
            }
        }
    }

    private void cutOff() {
        while (next <= lastStored()) {
            position(next, null);
        }
    }

    private byte @Nullable [] stored(long seq) {
        int at = Math.toIntExact(seq - 1 - leaves.index() * Tile.WIDTH) * TreeHash.BYTES;
        return at < 0 || at + TreeHash.BYTES > leaves.hashes().length
                ? null
                : Arrays.copyOfRange(leaves.hashes(), at, at + TreeHash.BYTES);
    }

    /** @param content SHA-256 of what lies there; null for nothing */
    private void position(long seq, byte @Nullable [] content) {
        next = seq + 1;
        byte[] is = content == null ? null : EventRecord.leafHash(hash, seq, content);
        byte[] was = leaves.index() == (seq - 1) / Tile.WIDTH ? stored(seq) : null;
        boolean differs = is == null || was != null && !Arrays.equals(is, was);
        // Behind the stored hashes too: what was put in pushes others there.
        if (differs || was == null && ofHashes != null) {
            suspects.add(seq, content, was);
        }
        if (differs && ofHashes == null) {
            ofHashes = ofEvents.copy();
        }
        complete &= is != null;
        if (ofHashes != null) {
            ofHashes.add(was != null ? was : is != null ? is : new byte[TreeHash.BYTES]);
        }
        ofEvents.add(is != null ? is : new byte[TreeHash.BYTES]);
        List<Witnessed.Point> points = witnessed.points();
        while (nextPoint < points.size() && points.get(nextPoint).size() <= seq) {
            reached(points.get(nextPoint++));
        }
        if (own != null && own.size() == seq) {
            ownReached(own);
        }
    }

    private boolean eventsAre(byte[] root) {
        return complete && Arrays.equals(ofEvents.root(), root);
    }

    private boolean hashesAre(byte[] root) {
        return Arrays.equals(ofHashes == null ? ofEvents.root() : ofHashes.root(), root);
    }

    private void reached(Witnessed.Point point) {
        if (point.size() == 0) {
            return;
        }
        if (eventsAre(point.root())) {
            genuineUpTo = point.size();
            if (point.proves()) {
                proven = point;
                provenUpTo = point.size();
                oldestBehind = Instant.MAX;
            }
        } else if (hashesAre(point.root())) {
            genuineUpTo = point.size();
        } else if (firstWrong == null) {
            firstWrong = point;
        }
    }

    private void ownReached(Checkpoint checkpoint) {
        ownIsThisHistory = eventsAre(checkpoint.root()) || hashesAre(checkpoint.root());
        if (!ownIsThisHistory) {
            found(Finding.of(
                    Finding.Kind.TREE_DAMAGED,
                    "the checkpoint of size " + checkpoint.size() + " that the service signed is of another history"));
        }
    }

    private void judge() {
        Witnessed.Point wrong = firstWrong;
        if (wrong != null) {
            boolean signed = ownIsThisHistory && own != null && own.size() > genuineUpTo;
            found(new Finding(
                    signed ? Finding.Kind.FORK : Finding.Kind.REWRITTEN,
                    genuineUpTo + 1,
                    wrong.size(),
                    "not the history that " + wrong.by() + " saw at " + wrong.at()
                            + (signed ? ", but signed with the service's key" : "")));
        }
        if (witnessed.points().stream().noneMatch(Witnessed.Point::proves) && last > 0) {
            found(Finding.of(
                    Finding.Kind.NOT_WITNESSED,
                    "no checkpoint of this log that "
                            + (trust.quorum() == 1
                                    ? "a trusted witness has signed"
                                    : trust.quorum() + " trusted witnesses have signed")));
        }
        for (Witnessed.Point point :
                witnessed.points().subList(nextPoint, witnessed.points().size())) {
            found(new Finding(
                    Finding.Kind.ROLLED_BACK,
                    next,
                    point.size(),
                    "the log ends at " + last + " in this export of " + header.exportedAt() + ", " + point.by()
                            + " saw " + point.size() + " at " + point.at()));
        }
        // Where the events are proven, it is the stored hash that was changed.
        for (Finding one : suspects.findings(genuineUpTo, "a witness has seen another")) {
            found(
                    one.from() <= provenUpTo
                            ? Finding.at(Finding.Kind.TREE_DAMAGED, one.from(), "the stored hash, not the event")
                            : one);
        }
    }

    private void found(Finding finding) {
        if (kinds.merge(finding.kind(), 1, Integer::sum) <= FINDINGS) {
            findings.add(finding);
        } else {
            more++;
        }
    }

    private Report report(long pending) {
        Witnessed.Point upTo = proven;
        return new Report(
                header.service(),
                events,
                pending,
                upTo == null ? 0 : upTo.size(),
                upTo == null ? null : upTo.by(),
                upTo == null ? null : upTo.at(),
                Math.max(0, last - provenUpTo),
                oldestBehind.equals(Instant.MAX) || oldestBehind.isAfter(header.exportedAt())
                        ? Duration.ZERO
                        : Duration.between(oldestBehind, header.exportedAt()),
                List.copyOf(findings),
                more);
    }
}
