package org.passerelle.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Note;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a witness what it has seen of a service's log. */
@Command(name = "checkpoints", description = "what a witness has seen of a service's log, for verify")
final class CheckpointsCommand implements Callable<Integer> {

    private final ControlCommand ctl;

    @Parameters(paramLabel = "SERVICE", description = "identification, referral, assistance or reporting")
    private String service = "";

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Option(names = "--from", description = "which service to ask (default: the one that witnesses it first)")
    private String from = "";

    CheckpointsCommand(ControlCommand ctl) {
        this.ctl = ctl;
    }

    @Override
    public Integer call() throws IOException {
        var name = ControlCommand.named(service);
        var witness = from.isEmpty() ? WitnessRing.witnessesOf(name).getFirst() : ControlCommand.named(from);
        var notes = ctl.text(witness, "proof/witness/checkpoints?log=" + Checkpoint.log(name.slug()));
        Files.writeString(file, notes);
        System.out.printf(
                "%s: %d checkpoints that %s has cosigned in %s%n",
                name.slug(), Note.parseAll(notes).size(), witness.slug(), file);
        return 0;
    }
}
