package org.passerelle.acceptance.torture;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.Entry.Seen;
import org.passerelle.acceptance.torture.history.HistoryFile;
import org.passerelle.acceptance.torture.node.Wire;

/**
 * Reads the log from its beginning and then as it grows, wherever it gets an answer, and writes down what it saw.
 * Knows nothing of other followers: only its cursor.
 */
final class Follower {

    /** How the log is read. */
    enum Way {
        PAGES,
        TAIL
    }

    private final Nodes nodes;
    private final HistoryFile history;
    private final String name;
    private final Way way;
    private final Random random;
    private final AtomicLong seen = new AtomicLong();
    private final Thread thread;
    private String epoch = "";
    private volatile boolean running = true;

    Follower(Nodes nodes, HistoryFile history, String name, Way way, long seed) {
        this.nodes = nodes;
        this.history = history;
        this.name = name;
        this.way = way;
        this.random = new Random(seed);
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    long cursor() {
        return seen.get();
    }

    private void run() {
        while (running) {
            try {
                switch (way) {
                    case PAGES -> {
                        long asked = history.now();
                        Wire.Page page = nodes.log(random, seen.get());
                        take(asked, page);
                        Thread.sleep(page.events().isEmpty() ? 100 : 10);
                    }
                    case TAIL -> tail();
                }
            } catch (IOException | java.io.UncheckedIOException noAnswer) {
                pause();
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private void tail() throws IOException, InterruptedException {
        long until = System.nanoTime() + random.nextLong(1_000_000_000L, 8_000_000_000L);
        long[] asked = {history.now()};
        try (var lines = nodes.tail(random, seen.get())) {
            // It leaves now and then by itself, to come back by its cursor.
            for (var line = lines.iterator(); running && System.nanoTime() < until && line.hasNext(); ) {
                take(asked[0], Wire.JSON.readValue(line.next(), Wire.Page.class));
                asked[0] = history.now();
            }
        }
    }

    private void take(long asked, Wire.Page page) throws IOException {
        if (!page.epoch().equals(epoch)) {
            boolean knewAnother = !epoch.isEmpty();
            epoch = page.epoch();
            if (knewAnother && seen.get() >= page.firstSeq()) {
                // What it saw beyond is gone: it goes on where the new life of the log begins.
                seen.set(page.firstSeq() - 1);
                throw new IOException("another epoch has begun");
            }
        }
        List<Seen> events = page.events();
        if (!events.isEmpty()) {
            history.add(new Entry.LogPage(asked, history.now(), name, page.epoch(), seen.get(), events));
            seen.set(events.getLast().seq());
        }
    }

    private void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    void stop() throws InterruptedException {
        running = false;
        thread.interrupt();
        thread.join();
    }
}
