package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.passerelle.local.demonstration.Addresses;
import org.passerelle.local.demonstration.Demonstration;
import org.passerelle.local.demonstration.PlatformClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts everything and stays until it is told to stop. */
@Command(name = "up")
final class UpCommand implements Callable<Integer> {
    /** How long one request of the demonstration country is tried for. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final int INTERRUPTED = 130;

    private final LaunchCommand launch;

    @Option(names = "--no-demonstration", description = "start without the demonstration country")
    private boolean withoutDemonstration;

    @Option(names = "--quiet", description = "leave the components' logs in their files")
    private boolean quiet;

    UpCommand(LaunchCommand launch) {
        this.launch = launch;
    }

    @Override
    public Integer call() {
        var installation = launch.installation();
        var taken = Supervisor.takenPorts(installation);
        if (!taken.isEmpty()) {
            taken.forEach(System.err::println);
            System.err.println("Choose other ports, for example: ./passerelle up --port-base 9080");
            return 1;
        }
        installation.prepare();
        var console = new Console(System.out);
        var supervisor = new Supervisor(installation, console);
        Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close, "stop"));
        if (!quiet) {
            supervisor.followLogs();
        }
        try {
            supervisor.start();
            if (!withoutDemonstration) {
                loadDemonstration(installation, supervisor, console);
            }
        } catch (RuntimeException e) {
            if (supervisor.isClosed()) {
                // Somebody pressed Ctrl-C meanwhile: what failed then needs no words.
                return INTERRUPTED;
            }
            throw e;
        }
        sayReady(installation, console);
        supervisor.awaitEnd();
        return 0;
    }

    /** A country that is not complete is no reason to stop; the next start continues with it. */
    private static void loadDemonstration(Installation installation, Supervisor supervisor, Console console) {
        var platform = new PlatformClient(Addresses.behindGateway(installation.gateway()), PATIENCE);
        try {
            Demonstration.load(platform, installation.demonstrationMemory(), (cases, of) -> {
                if (cases % 10 == 0 || cases == of) {
                    console.say("passerelle", "demonstration country: " + cases + " of " + of + " cases");
                }
            });
        } catch (RuntimeException e) {
            if (supervisor.isClosed()) {
                throw e;
            }
            console.say("passerelle", LaunchCommand.reasons(e) + " (the next up continues with it)");
        }
    }

    private static void sayReady(Installation installation, Console console) {
        console.plain("");
        console.plain("Passerelle is ready: " + installation.gateway());
        console.plain("Its logs are in " + installation.log("gateway").getParent());
        try {
            Files.writeString(installation.readyFile(), installation.gateway() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
