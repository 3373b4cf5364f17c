package org.passerelle.local;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the launcher {@code ./passerelle} runs once everything is built; the launcher explains the commands. */
@Command(name = "passerelle")
public final class LaunchCommand {
    // Held here because the JDK forgets the level of a logger that nobody holds.
    private static final Logger KAFKA_LOG = Logger.getLogger("org.apache.kafka");
    // A user name that nobody has is answered, not an error of the server.
    private static final Logger LOGIN_LOG = Logger.getLogger("no.nav.security.mock");
    private static final Logger LOG = Logger.getLogger("");

    @Option(names = "--data", required = true, description = "directory of all state")
    private Path data = Path.of(".passerelle");

    @Option(names = "--port-base", required = true, description = "port of the gateway")
    private int portBase;

    private LaunchCommand() {}

    public static void main(String[] args) {
        LOG.setLevel(Level.WARNING);
        // Its clients say at length what the supervisor says in one line.
        KAFKA_LOG.setLevel(Level.OFF);
        LOGIN_LOG.setLevel(Level.OFF);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var launch = new LaunchCommand();
        var control = new ControlCommand(launch);
        return new CommandLine(launch)
                .addSubcommand(new UpCommand(launch))
                .addSubcommand(new StatusCommand(launch))
                .addSubcommand(new DemoCommand(launch))
                .addSubcommand(new CommandLine(control)
                        .addSubcommand(new ParkedCommand(control))
                        .addSubcommand(new ExportCommand(control))
                        .addSubcommand(new CheckpointsCommand(control))
                        .addSubcommand(new VerifyCommand(control))
                        .addSubcommand(new KeysCommand(control)))
                .setExecutionExceptionHandler((e, line, result) -> {
                    line.getErr().println(reasons(e));
                    return 1;
                });
    }

    /** The messages of an error and of what caused it, the outermost first. */
    static String reasons(Throwable error) {
        var reasons = new LinkedHashSet<String>();
        for (Throwable cause = error; cause != null && reasons.size() < 5; cause = cause.getCause()) {
            reasons.add(reason(cause));
        }
        return String.join(": ", reasons);
    }

    /** The message of these is a path and nothing else. */
    private static String reason(Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return switch (cause) {
            case NoSuchFileException missing -> "not found: " + message;
            case FileAlreadyExistsException there -> "is there already: " + message;
            default -> message;
        };
    }

    Installation installation() {
        return new Installation(data, portBase);
    }
}
