package org.passerelle.acceptance.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the torture in namespaces of its own where the machine allows it: what it mounts nobody else sees, and with it
 * all its processes end, however it ends. Elsewhere it runs without, and cannot fill a disk.
 */
final class Namespace {

    /** Set in a process that is inside. */
    static final String INSIDE = "torture.namespace";

    private static final List<String> AS_ROOT =
            List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc");
    private static final List<String> AS_USER = List.of(
            "unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc");

    private Namespace() {}

    /** Runs {@link Torture} in a process inside, or else in one outside; returns its exit code. */
    static int run(String[] args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        boolean inside = works(AS_ROOT) ? command.addAll(AS_ROOT) : works(AS_USER) && command.addAll(AS_USER);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Where the build is, for those who start Kafka.
        for (String name : List.of("passerelle.root", "passerelle.kafka-node")) {
            if (System.getProperty(name) != null) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        command.addAll(List.of(
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + INSIDE + "=" + inside,
                "-cp",
                System.getProperty("java.class.path"),
                Torture.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return process.waitFor();
    }

    private static boolean works(List<String> command) throws IOException, InterruptedException {
        List<String> probe = new ArrayList<>(command);
        // Mounting is what it is for; /proc must be that of the new processes.
        probe.addAll(List.of("sh", "-c", "mount -t tmpfs tmpfs /mnt && test -e /proc/1/cmdline"));
        Process process = new ProcessBuilder(probe)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Ends this process when the one that started it is gone: its end of the pipe is closed then. */
    static void endWithStarter() {
        Thread.ofPlatform().daemon().name("starter").start(() -> {
            try {
                while (System.in.read() >= 0) {}
            } catch (IOException gone) {
                Runtime.getRuntime().halt(130);
            }
            Runtime.getRuntime().halt(130);
        });
    }
}
