package org.passerelle.local;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** What the person at the terminal reads: one line per message, with the component it is about. */
final class Console {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final int WIDTH = "identification".length();

    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    synchronized void say(String component, String message) {
        out.printf("%s %-" + WIDTH + "s | %s%n", TIME.format(LocalTime.now()), component, message);
        out.flush();
    }

    /** A line of the component's own log, which has its own time. */
    synchronized void pass(String component, String line) {
        out.printf("%-" + (WIDTH + 9) + "s | %s%n", component, line);
        out.flush();
    }

    synchronized void plain(String text) {
        out.println(text);
        out.flush();
    }
}
