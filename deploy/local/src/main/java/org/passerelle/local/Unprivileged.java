package org.passerelle.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL refuses to run as root; this makes a command that runs as somebody else where that is needed. */
final class Unprivileged {
    private static final String NOBODY = "65534";

    private Unprivileged() {}

    /** @param owned files that the command must own */
    static List<String> command(List<String> command, Path... owned) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        var all = new ArrayList<String>();
        if (userNamespaces()) {
            // In a user namespace root's own files stay readable, and the process is still not root inside.
            all.addAll(List.of("unshare", "--user"));
        } else {
            for (var path : owned) {
                giveToNobody(path);
            }
            all.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        all.addAll(command);
        return all;
    }

    private static boolean userNamespaces() {
        return exitCode("unshare", "--user", "true") == 0;
    }

    private static void giveToNobody(Path path) throws IOException {
        if (Files.exists(path) && exitCode("chown", "-R", NOBODY + ":" + NOBODY, path.toString()) != 0) {
            throw new IOException(
                    "cannot give " + path + " to an unprivileged user; run Passerelle as an ordinary user");
        }
    }

    private static int exitCode(String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 127;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }
}
