package org.passerelle.local;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.passerelle.local.demonstration.Addresses;
import org.passerelle.local.demonstration.Demo;
import org.passerelle.local.demonstration.PlatformClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays one new case down the whole road and tells each step. */
@Command(name = "demo")
final class DemoCommand implements Callable<Integer> {
    /** How long one step is tried for, so that a component may be killed and come back on the way. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final LaunchCommand launch;

    @Option(names = "--language", defaultValue = "fr", description = "fr, es or en")
    private String language = "fr";

    DemoCommand(LaunchCommand launch) {
        this.launch = launch;
    }

    @Override
    public Integer call() {
        var platform =
                new PlatformClient(Addresses.behindGateway(launch.installation().gateway()), PATIENCE, language);
        new Demo(platform, language, Clock.systemUTC(), System.out::println, step -> {})
                .play(UUID.randomUUID().toString());
        return 0;
    }
}
