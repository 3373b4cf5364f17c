package org.passerelle.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.ServiceKeys;
import org.passerelle.proof.Trust;
import org.passerelle.proof.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks an exported log against what witnesses have seen of it. Asks nobody: two files and public keys are enough. */
@Command(name = "verify", description = "check an exported log against what witnesses have seen")
final class VerifyCommand implements Callable<Integer> {

    private final ControlCommand ctl;

    @Parameters(paramLabel = "EXPORT", description = "of ctl export")
    private Path export = Path.of("");

    @Parameters(paramLabel = "CHECKPOINTS", description = "of ctl checkpoints, or as a witness gave them")
    private Path checkpoints = Path.of("");

    @Option(
            names = "--keys",
            description = "public keys of witnesses and logs, one a line, from people you trust"
                    + " (default: those of this installation)")
    private @Nullable Path keys;

    @Option(names = "--hmac-key", description = "file of the service's HMAC key; several, for older ones")
    private List<Path> macKeys = new ArrayList<>();

    @Option(names = "--hmac-from", description = "each event from this position on must have an HMAC")
    private @Nullable Long macFrom;

    @Option(names = "--quorum", description = "so many witnesses must have seen what counts as proven (default: 1)")
    private int quorum = 1;

    VerifyCommand(ControlCommand ctl) {
        this.ctl = ctl;
    }

    @Override
    public Integer call() throws IOException {
        var since = System.nanoTime();
        var notes = Note.parseAll(Files.readString(checkpoints));
        try (var from = Files.newInputStream(export)) {
            var report = Verification.verify(from, notes, trust());
            System.out.println(told(report));
            report.findings().forEach(finding -> System.out.println("FOUND " + finding.text()));
            if (report.more() > 0) {
                System.out.println("FOUND " + report.more() + " more");
            }
            System.out.printf(
                    "%s after %.1f s%n",
                    report.sound() ? "Nothing was changed" : "NOT SOUND", (System.nanoTime() - since) / 1e9);
            return report.sound() ? 0 : 1;
        }
    }

    private Trust trust() throws IOException {
        var file = keys == null ? ctl.installation().publicKeys() : keys;
        var all = Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(NoteKey::parse)
                .toList();
        return new Trust(
                all.stream()
                        .filter(key -> key.type() == NoteKey.Type.COSIGNATURE)
                        .toList(),
                all.stream().filter(key -> key.type() == NoteKey.Type.NOTE).toList(),
                macKeys.stream().map(ServiceKeys::secret).toList(),
                macFrom,
                quorum);
    }

    private static String told(Verification.Report report) {
        var text = new StringBuilder()
                .append(report.service())
                .append(": ")
                .append(report.events())
                .append(" events, ")
                .append(report.pending())
                .append(" more wait for their place\n");
        if (report.witness() == null) {
            text.append("Proven: nothing\n");
        } else {
            text.append("Proven: all events up to seq ")
                    .append(report.proven())
                    .append(", as ")
                    .append(report.witness())
                    .append(" saw them at ")
                    .append(report.witnessedAt())
                    .append('\n');
        }
        return text.append("Not witnessed: ")
                .append(report.notWitnessed())
                .append(" events behind, the oldest ")
                .append(report.exposed().toSeconds())
                .append(" s old when the export was made")
                .toString();
    }
}
