package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A shell that outlives this JVM and cleans up after it, however it ended: it reads from a pipe that closes with the
 * JVM.
 */
final class Guard {
    private static final String SCRIPT = """
            cat >/dev/null
            case "$(tr '\\0' ' ' </proc/$1/cmdline 2>/dev/null)" in
            *"$2"*) kill -QUIT "$1"; sleep 2 ;;
            esac
            rm -rf "$2"
            """;

    private Guard() {}

    /** Ends the postmaster that works in {@code directory}, then deletes the directory. */
    static void overPostmaster(long pid, Path directory) {
        var command = List.of("sh", "-c", SCRIPT, "passerelle-guard", String.valueOf(pid), directory.toString());
        try {
            new ProcessBuilder(Processes.inOwnSession(command))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
