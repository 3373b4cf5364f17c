package org.passerelle.acceptance.torture.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Signals and small commands of the operating system that the JDK lacks. */
final class Signals {

    private Signals() {}

    static void kill(Process process) {
        send(process, "KILL");
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param name of the signal without SIG, e.g. STOP */
    static void send(Process process, String name) {
        if (process.isAlive()) {
            succeeds(List.of("kill", "-" + name, String.valueOf(process.pid())));
        }
    }

    /**
     * Has a shell outlive this JVM and end a process after it, however the JVM ended: it reads from a pipe that closes
     * with the JVM.
     */
    static void endWithUs(Process process, String inItsCommandLine) {
        String script = """
                cat >/dev/null
                case "$(tr '\\0' ' ' </proc/$1/cmdline 2>/dev/null)" in *"$2"*) kill -QUIT "$1" ;; esac
                """;
        try {
            new ProcessBuilder(
                            "setsid",
                            "sh",
                            "-c",
                            script,
                            "torture-guard",
                            String.valueOf(process.pid()),
                            inItsCommandLine)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a command exists and ends well within 10 s. */
    static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted"));
        }
    }
}
