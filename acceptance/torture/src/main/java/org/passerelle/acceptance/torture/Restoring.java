package org.passerelle.acceptance.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.HistoryFile;
import org.passerelle.acceptance.torture.machine.Dump;
import org.passerelle.acceptance.torture.machine.Machine;
import org.passerelle.acceptance.torture.machine.Replica;
import org.passerelle.acceptance.torture.node.Wire;

/**
 * Replaces the producing database by an earlier dump of it. The service must notice and do nothing until an operator
 * adopts what there is; what was acknowledged after the dump is declared lost.
 */
final class Restoring {

    private static final long NOTICE_NANOS = 90_000_000_000L;
    private static final int STILL_MILLIS = 1_500;

    private final Machine machine;
    private final HistoryFile history;
    private final Nodes nodes;

    Restoring(Machine machine, HistoryFile history, Nodes nodes) {
        this.machine = machine;
        this.history = history;
        this.nodes = nodes;
    }

    /** @param millis how much is written after the dump at least */
    void perform(Path directory, int millis) throws SQLException, InterruptedException {
        long dumpedAt = history.now();
        Dump dump = Dump.of(machine.producing(), directory);
        long head = position("select last_seq from log_head");
        Thread.sleep(millis);
        awaitPublishedBeyond(head);
        machine.producers().forEach(Replica::kill);
        dump.restore(machine.producing());
        long restored = position("select last_seq from log_head");
        machine.producers().forEach(Replica::launch);
        machine.producers().forEach(Replica::awaitUp);
        if (!isNoticed()) {
            return;
        }
        Thread.sleep(STILL_MILLIS);
        if (position("select last_seq from log_head") != restored) {
            history.add(new Entry.RestoreUnnoticed(history.now(), "positions were given before anybody adopted them"));
        }
        Wire.Adopted adopted = adopted();
        history.add(new Entry.Restored(dumpedAt, history.now(), adopted.ended(), adopted.begun(), adopted.head()));
    }

    /** Only what others know of can be noticed. */
    private void awaitPublishedBeyond(long head) throws SQLException, InterruptedException {
        long end = System.nanoTime() + NOTICE_NANOS;
        while (position("select coalesce(max(last_seq), 0) from relay_position") <= head) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("nothing was published for too long");
            }
            Thread.sleep(100);
        }
    }

    private boolean isNoticed() throws InterruptedException {
        long end = System.nanoTime() + NOTICE_NANOS;
        for (Replica producer : machine.producers()) {
            while (!says(producer, "\"Behind\"")) {
                if (System.nanoTime() > end) {
                    history.add(new Entry.RestoreUnnoticed(history.now(), producer.name() + " noticed nothing"));
                    return false;
                }
                Thread.sleep(200);
            }
        }
        return true;
    }

    private boolean says(Replica producer, String verdict) throws InterruptedException {
        try {
            return verdict.equals(new String(nodes.ask(producer, "/verdict"), StandardCharsets.UTF_8));
        } catch (IOException notYet) {
            return false;
        }
    }

    private Wire.Adopted adopted() throws InterruptedException {
        long end = System.nanoTime() + NOTICE_NANOS;
        while (true) {
            try {
                return Wire.JSON.readValue(nodes.ask(machine.producers().getFirst(), "/adopt"), Wire.Adopted.class);
            } catch (IOException notYet) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("the restored log could not be adopted", notYet);
                }
                Thread.sleep(500);
            }
        }
    }

    private long position(String sql) throws SQLException {
        try (Connection connection = machine.producing().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
