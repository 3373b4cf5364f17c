package org.passerelle.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.passerelle.proof.LogExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a service's log into a file, out of its database: all columns, as they are stored. */
@Command(name = "export", description = "a service's log as a file, for verify; after checkpoints")
final class ExportCommand implements Callable<Integer> {

    private final ControlCommand ctl;

    @Parameters(paramLabel = "SERVICE", description = "identification, referral, assistance or reporting")
    private String service = "";

    @Parameters(paramLabel = "FILE", description = "made readable by its owner only")
    private Path file = Path.of("");

    @Option(names = "--database", description = "which to read instead, e.g. a restored backup on the same server")
    private String database = "";

    ExportCommand(ControlCommand ctl) {
        this.ctl = ctl;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        var name = ControlCommand.named(service);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var connection = ctl.installation().postgres().connect(database.isEmpty() ? name.slug() : database);
                var to = Files.newOutputStream(file)) {
            System.out.printf("%s: %d events in %s%n", name.slug(), LogExport.write(connection, name.slug(), to), file);
        }
        return 0;
    }
}
