package org.passerelle.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.FreshCosignature;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks witnesses what they have seen of a service's log: a service that witnesses it, or any witness of C2SP. */
@Command(name = "checkpoints", description = "what witnesses have seen of a service's log, for verify")
final class CheckpointsCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ControlCommand ctl;

    @Parameters(paramLabel = "SERVICE", description = "identification, referral, assistance or reporting")
    private String service = "";

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Option(names = "--from", description = "which service to ask (default: the one that witnesses it first)")
    private String from = "";

    @Option(
            names = "--witness",
            paramLabel = "'KEY URL'",
            description = "a witness of C2SP instead, as in the service's settings; several, for several")
    private List<String> witnesses = new ArrayList<>();

    CheckpointsCommand(ControlCommand ctl) {
        this.ctl = ctl;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var name = ControlCommand.named(service);
        if (!witnesses.isEmpty()) {
            return ofPlainWitnesses(name);
        }
        var witness = from.isEmpty() ? WitnessRing.witnessesOf(name).getFirst() : ControlCommand.named(from);
        var notes = ctl.text(witness, "proof/witness/checkpoints?log=" + Checkpoint.log(name.slug()));
        Files.writeString(file, notes);
        System.out.printf(
                "%s: %d checkpoints that %s has cosigned in %s%n",
                name.slug(), Note.parseAll(notes).size(), witness.slug(), file);
        return 0;
    }

    /** What they said before is kept by the service; that it is not set back behind that, they say now. */
    private int ofPlainWitnesses(ServiceName name) throws IOException, InterruptedException {
        var all = new StringBuilder(ctl.text(name, "proof/cosigned"));
        for (var witness : witnesses) {
            var parts = witness.strip().split(" ", 2);
            if (parts.length != 2) {
                throw new IllegalArgumentException("--witness: public key, space, address");
            }
            var note = FreshCosignature.of(shown(name), NoteKey.parse(parts[0]), URI.create(parts[1].strip()));
            all.append('\n').append(note.format());
            System.out.printf(
                    "%s: %s has seen %d events and no more%n",
                    name.slug(),
                    NoteKey.parse(parts[0]).name(),
                    Checkpoint.parse(note.text()).size());
        }
        Files.writeString(file, all);
        System.out.printf(
                "%s: %d checkpoints with their cosignatures in %s%n",
                name.slug(), Note.parseAll(all.toString()).size(), file);
        return 0;
    }

    private FreshCosignature.Shown shown(ServiceName name) {
        return new FreshCosignature.Shown() {
            @Override
            public Note checkpoint() {
                return Note.parse(ctl.text(name, "proof/checkpoint"));
            }

            @Override
            public List<byte[]> consistency(long from, long to) {
                try {
                    var proof = JSON.readTree(ctl.text(name, "proof/consistency?from=" + from + "&to=" + to));
                    var hashes = new ArrayList<byte[]>();
                    proof.path("proof")
                            .forEach(hash -> hashes.add(Base64.getDecoder().decode(hash.asText())));
                    return hashes;
                } catch (IOException e) {
                    throw new IllegalStateException("no proof of consistency", e);
                }
            }
        };
    }
}
