package org.passerelle.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Follows a log file from its present end and passes each new line on. Read only by one thread. */
final class LogTail {
    private final String component;
    private final Path file;
    private long position;
    private String unfinished = "";

    LogTail(String component, Path file) {
        this.component = component;
        this.file = file;
        this.position = size();
    }

    void passTo(Console console) {
        try {
            if (size() <= position) {
                return;
            }
            var text = unfinished + read();
            var lastBreak = text.lastIndexOf('\n');
            unfinished = text.substring(lastBreak + 1);
            text.substring(0, lastBreak + 1).lines().forEach(line -> console.pass(component, line));
        } catch (IOException e) {
            console.say(component, "its log cannot be read: " + e.getMessage());
        }
    }

    private String read() throws IOException {
        // A limit per turn keeps a flood of one component from filling the memory.
        var bytes = new byte[(int) Math.min(size() - position, 1 << 20)];
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            log.seek(position);
            log.readFully(bytes);
        }
        position += bytes.length;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private long size() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
