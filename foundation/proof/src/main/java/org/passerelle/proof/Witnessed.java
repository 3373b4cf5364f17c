package org.passerelle.proof;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.passerelle.proof.ExportFrame.Header;
import org.passerelle.proof.ExportFrame.Life;

/** What witnesses have seen of the log of an export: sizes and roots that its tree must have had. */
final class Witnessed {

    /**
     * @param by     names of the witnesses
     * @param proves whether they are as many as are asked for
     */
    record Point(long size, byte[] root, Instant at, String by, boolean proves) {}

    private final List<Point> points = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    /** Takes what a trusted witness signed, of any life of this log; all else is left aside. */
    static Witnessed of(Header header, List<Note> notes, Trust trust) {
        Witnessed found = new Witnessed();
        // What several witnesses have signed comes in one note, or in one of each.
        Map<String, Note> byText = new LinkedHashMap<>();
        notes.forEach(note -> byText.merge(note.text(), note, Note::together));
        byText.values().forEach(note -> found.take(header, note, trust));
        found.points.sort(Comparator.comparingLong(Point::size));
        for (int i = 1; i < found.points.size(); i++) {
            Point one = found.points.get(i - 1);
            Point next = found.points.get(i);
            if (one.size() == next.size() && !Arrays.equals(one.root(), next.root())) {
                found.findings.add(new Finding(
                        Finding.Kind.FORK, 1, one.size(), one.by() + " and " + next.by() + " have seen two histories"));
            }
        }
        return found;
    }

    private void take(Header header, Note note, Trust trust) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.parse(note.text());
        } catch (IllegalArgumentException e) {
            findings.add(Finding.of(Finding.Kind.BAD_SIGNATURE, "a note that is no checkpoint"));
            return;
        }
        if (!checkpoint.isOf(Checkpoint.log(header.service()))) {
            return; // another service's: one file may hold those of all
        }
        List<Note.Cosigned> cosigned = trust.witnesses().stream()
                .distinct()
                .flatMap(witness -> note.cosignedBy(witness).stream())
                .toList();
        if (cosigned.isEmpty()) {
            findings.add(Finding.of(
                    Finding.Kind.BAD_SIGNATURE,
                    "the checkpoint of size " + checkpoint.size() + " has no signature of a trusted witness"));
            return;
        }
        if (!trust.logSigned(note, checkpoint.origin())) {
            findings.add(Finding.of(
                    Finding.Kind.BAD_SIGNATURE,
                    "the checkpoint of size " + checkpoint.size() + " is not signed by the log's own key"));
        }
        place(header, checkpoint, cosigned, trust.quorum());
    }

    /** Positions keep their events through a restore: an older life's tree is the beginning of ours, as far as it was kept. */
    private void place(Header header, Checkpoint checkpoint, List<Note.Cosigned> cosigned, int quorum) {
        String by =
                cosigned.stream().map(one -> one.witness().name()).distinct().collect(Collectors.joining(" and "));
        Instant at = cosigned.stream()
                .map(Note.Cosigned::at)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        // Two keys of one witness are one witness, and a key under two names is.
        boolean proves = Math.min(
                        cosigned.stream()
                                .map(one -> one.witness().name())
                                .distinct()
                                .count(),
                        cosigned.stream()
                                .map(one -> ByteBuffer.wrap(one.witness().publicKey()))
                                .distinct()
                                .count())
                >= quorum;
        for (int i = 0; i < header.lives().size(); i++) {
            Life life = header.lives().get(i);
            if (!checkpoint.origin().equals(Checkpoint.origin(header.service(), life.epoch()))) {
                continue;
            }
            long kept = kept(header.lives().subList(i + 1, header.lives().size()), life);
            if (checkpoint.size() <= kept) {
                points.add(new Point(checkpoint.size(), checkpoint.root(), at, by, proves));
            } else {
                findings.add(new Finding(
                        Finding.Kind.LOST_BY_RESTORE,
                        kept + 1,
                        checkpoint.size(),
                        by + " had seen these at " + at + ", before a restore"));
            }
            return;
        }
        UUID epoch = null;
        String last = checkpoint.origin().substring(checkpoint.origin().lastIndexOf('/') + 1);
        try {
            epoch = UUID.fromString(last);
        } catch (IllegalArgumentException e) {
            // said below
        }
        findings.add(Finding.of(
                Finding.Kind.ROLLED_BACK,
                by + " has seen a life of this log that the export does not know: " + (epoch == null ? "?" : epoch)
                        + ", size " + checkpoint.size() + " at " + at));
    }

    private static long kept(List<Life> later, Life life) {
        long kept = Long.MAX_VALUE;
        for (Life one : later) {
            if (one.firstSeq() > 0) {
                kept = Math.min(kept, one.firstSeq() - 1);
            }
        }
        return life.firstSeq() == 0 ? Math.min(kept, 0) : kept;
    }

    /** Ascending by size. */
    List<Point> points() {
        return points;
    }

    List<Finding> findings() {
        return findings;
    }
}
