package org.passerelle.acceptance.torture;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.passerelle.acceptance.torture.history.Entry;
import org.passerelle.acceptance.torture.history.HistoryFile;
import org.passerelle.acceptance.torture.machine.Database;
import org.passerelle.acceptance.torture.machine.Machine;
import org.passerelle.acceptance.torture.machine.Proxy;
import org.passerelle.acceptance.torture.machine.Replica;
import org.passerelle.acceptance.torture.node.Settings;

/** Breaks things, one after the other as its schedule says, and mends each before the next. */
final class Nemesis {

    private static final int FORWARD_SECONDS = 3_600;
    private static final int BACKWARD_SECONDS = -1_800;

    private final Machine machine;
    private final HistoryFile history;
    private final Consumer<String> log;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    private final Restoring restoring;
    private final Path directory;
    private int number;

    Nemesis(Machine machine, Nodes nodes, HistoryFile history, Path directory, Consumer<String> log) {
        this.machine = machine;
        this.history = history;
        this.directory = directory;
        this.log = log;
        this.restoring = new Restoring(machine, history, nodes);
    }

    /** How often each fault was done. */
    Map<Fault, Integer> done() {
        return done;
    }

    /** Works through the schedule until the time is up. */
    void run(List<Schedule.Step> steps, long until) throws InterruptedException {
        for (Schedule.Step step : steps) {
            Thread.sleep(step.pauseMillis());
            if (System.nanoTime() >= until) {
                return;
            }
            if (step.fault() == Fault.FILL_DISK && !machine.producing().diskCanBeFull()) {
                log.accept("skipped: FILL_DISK, for no file system can be mounted here");
                continue;
            }
            perform(step);
        }
    }

    private void perform(Schedule.Step step) throws InterruptedException {
        int own = ++number;
        log.accept(step.fault() + " for " + step.forMillis() + " ms, replica " + (step.which() + 1));
        history.add(new Entry.FaultBegan(
                history.now(), own, step.fault().name(), step.fault().survivable()));
        try {
            apply(step);
        } catch (SQLException e) {
            throw new IllegalStateException("the nemesis itself could not reach a database", e);
        }
        history.add(new Entry.FaultEnded(history.now(), own));
        done.merge(step.fault(), 1, Integer::sum);
    }

    private void apply(Schedule.Step step) throws InterruptedException, SQLException {
        Replica producer = machine.producers().get(step.which());
        Replica consumer = machine.consumers().get(step.which());
        int millis = step.forMillis();
        switch (step.fault()) {
            case KILL_PRODUCER -> kill(List.of(producer), millis);
            case KILL_ALL_PRODUCERS -> kill(machine.producers(), millis);
            case KILL_CONSUMER -> kill(List.of(consumer), millis);
            case KILL_PRODUCING_DATABASE -> kill(machine.producing(), millis);
            case KILL_CONSUMING_DATABASE -> kill(machine.consuming(), millis);
            case KILL_KAFKA -> {
                machine.killKafka();
                Thread.sleep(millis);
                machine.startKafka();
            }
            case FREEZE_PRODUCER -> freeze(producer, millis);
            case FREEZE_CONSUMER -> freeze(consumer, millis);
            case FREEZE_KAFKA -> {
                machine.freezeKafka();
                Thread.sleep(millis);
                machine.thawKafka();
            }
            case CUT_PRODUCER_FROM_DATABASE -> cut(producer.toDatabase(), millis);
            case CUT_CONSUMER_FROM_DATABASE -> cut(consumer.toDatabase(), millis);
            case CUT_ALL_FROM_KAFKA -> cut(machine.toKafka(), millis);
            case BLACK_HOLE_BEFORE_DATABASE -> during(producer.toDatabase(), Proxy.Mode.BLACK_HOLE, millis);
            case BLACK_HOLE_BEFORE_KAFKA -> during(machine.toKafka(), Proxy.Mode.BLACK_HOLE, millis);
            case ANSWERS_OF_DATABASE_LOST -> during(producer.toDatabase(), Proxy.Mode.ANSWERS_LOST, millis);
            case HALF_CLOSE_DATABASE -> {
                producer.toDatabase().halfClose();
                consumer.toDatabase().halfClose();
                Thread.sleep(millis);
            }
            case LATE_DATABASE -> {
                machine.producers().forEach(p -> p.toDatabase().set(Proxy.Mode.LATE));
                during(consumer.toDatabase(), Proxy.Mode.LATE, millis);
                machine.producers().forEach(p -> p.toDatabase().set(Proxy.Mode.PASS));
            }
            case REFUSE_DATABASE -> {
                producer.toDatabase().set(Proxy.Mode.REFUSE);
                cut(producer.toDatabase(), millis);
                producer.toDatabase().set(Proxy.Mode.PASS);
            }
            case FILL_DISK -> {
                machine.producing().fillDisk();
                Thread.sleep(millis);
                machine.producing().freeDisk();
            }
            case CLOCK_FORWARD -> shift(FORWARD_SECONDS, producer, millis);
            case CLOCK_BACKWARD -> shift(BACKWARD_SECONDS, producer, millis);
            case RESTART_CONSUMERS_IN_REBALANCE -> restartInRebalance(millis);
            case LONG_TRANSACTION -> longTransaction(millis);
            case REPUBLISH_FROM_START -> republish();
            case READ_FROM_START -> readFromStart();
            case RESTORE_FROM_DUMP -> restoring.perform(directory.resolve("dump-" + number), millis);
        }
    }

    private static void kill(List<Replica> replicas, int millis) throws InterruptedException {
        replicas.forEach(Replica::kill);
        Thread.sleep(millis);
        replicas.forEach(Replica::launch);
        replicas.forEach(Replica::awaitUp);
    }

    private static void kill(Database database, int millis) throws InterruptedException {
        database.kill();
        Thread.sleep(millis);
        database.start();
    }

    private static void freeze(Replica replica, int millis) throws InterruptedException {
        replica.freeze();
        Thread.sleep(millis);
        replica.thaw();
    }

    /** Cuts again and again: what comes back is cut too. */
    private static void cut(Proxy proxy, int millis) throws InterruptedException {
        for (int left = millis; left > 0; left -= 500) {
            proxy.cut();
            Thread.sleep(Math.min(left, 500));
        }
    }

    private static void during(Proxy proxy, Proxy.Mode mode, int millis) throws InterruptedException {
        proxy.set(mode);
        Thread.sleep(millis);
        proxy.set(Proxy.Mode.PASS);
    }

    /**
     * A producer dies as the clock jumps: if it led, its lease is from another time, and must not block its successor.
     */
    private void shift(int seconds, Replica producer, int millis) throws InterruptedException {
        producer.kill();
        machine.producing().shiftClock(seconds);
        machine.consuming().shiftClock(seconds);
        Thread.sleep(6_500);
        producer.launch();
        producer.awaitUp();
        machine.producing().shiftClock(0);
        machine.consuming().shiftClock(0);
        Thread.sleep(millis);
    }

    /** One leaves in order, one is killed while the group still arranges itself, both come back into it. */
    private void restartInRebalance(int millis) throws InterruptedException {
        Replica first = machine.consumers().getFirst();
        Replica second = machine.consumers().getLast();
        first.stop();
        first.launch();
        Thread.sleep(millis / 2);
        second.kill();
        second.launch();
        Thread.sleep(millis / 2);
        first.kill();
        first.launch();
        first.awaitUp();
        second.awaitUp();
    }

    private void longTransaction(int millis) throws SQLException, InterruptedException {
        try (Connection connection = machine.producing().connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into noise (op) values ('long')");
            Thread.sleep(millis);
            connection.rollback();
        }
    }

    /** What {@code ctl republish} does. */
    private void republish() throws SQLException {
        try (Connection connection = machine.producing().connect();
                var statement = connection.createStatement()) {
            statement.executeUpdate("update relay_position set last_seq = 0 where topic = '" + Settings.TOPIC + "'");
        }
    }

    /** As if nobody had ever written down where the consumers were. */
    private void readFromStart() throws SQLException {
        machine.consumers().forEach(Replica::stop);
        try (Connection connection = machine.consuming().connect();
                var statement = connection.createStatement()) {
            statement.executeUpdate("delete from consumer_offset");
        }
        machine.consumers().forEach(Replica::launch);
        machine.consumers().forEach(Replica::awaitUp);
    }
}
