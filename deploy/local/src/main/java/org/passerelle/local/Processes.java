package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small things about operating system processes that the JDK lacks. */
final class Processes {
    private Processes() {}

    /** The process starts in its own session, so that Ctrl-C in the terminal reaches the supervisor only. */
    static List<String> inOwnSession(List<String> command) {
        var all = new ArrayList<>(List.of("setsid"));
        all.addAll(command);
        return all;
    }

    /** @param name of the signal without SIG, e.g. INT */
    static void signal(ProcessHandle process, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command line of a process, its arguments separated by spaces; empty when there is no such process. */
    static String commandLine(long pid) {
        try {
            return Files.readString(
                            Path.of("/proc", String.valueOf(pid), "cmdline"),
                            java.nio.charset.StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException gone) {
            return "";
        }
    }
}
