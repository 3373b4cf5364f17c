package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Repeats a step for ever on a thread of its own: soon again while there is work, after a nudge or a pause while there is
 * none, and with growing patience while it fails.
 */
public final class Loop implements AutoCloseable {

    /** One round of work. */
    public interface Step {

        /** How much was done; 0 lets the loop pause. */
        Uni<Integer> step();

        /** Called once after the last step. */
        default Uni<Void> stop() {
            return Uni.createFrom().voidItem();
        }
    }

    private static final Logger LOG = Logger.getLogger(Loop.class);
    private static final Duration STEP_LIMIT = Duration.ofSeconds(60);
    /** After work: what comes meanwhile is done at once, where each would have cost a transaction. */
    private static final Duration REST = Duration.ofMillis(3);

    private static final Duration UNDER_LOAD = Duration.ofSeconds(1);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private final Duration busy;
    private final Duration idle;
    private final Step step;
    private final Semaphore nudges = new Semaphore(0);
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean failing;

    private Loop(String name, Duration busy, Duration idle, Step step) {
        this.name = name;
        this.busy = busy;
        this.idle = idle;
        this.step = step;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    public static Loop start(String name, Duration idle, Step step) {
        return start(name, idle, idle, step);
    }

    /**
     * @param busy the pause within a second after there was work: more may come, from other replicas without a nudge
     * @param idle the pause when there was none for longer
     */
    public static Loop start(String name, Duration busy, Duration idle, Step step) {
        Loop loop = new Loop(name, busy, idle, step);
        loop.thread.start();
        return loop;
    }

    /** There may be work now; a hint, never needed for correctness. */
    public void nudge() {
        if (nudges.availablePermits() == 0) {
            nudges.release();
        }
    }

    /** Whether the last step failed. */
    public boolean failing() {
        return failing;
    }

    private void run() {
        Duration patience = idle;
        long lastWork = System.nanoTime() - UNDER_LOAD.toNanos();
        while (running) {
            try {
                int done = step.step().await().atMost(STEP_LIMIT);
                failing = false;
                patience = idle;
                if (done > 0) {
                    lastWork = System.nanoTime();
                    Thread.sleep(REST);
                } else {
                    pause(System.nanoTime() - lastWork < UNDER_LOAD.toNanos() ? busy : idle);
                }
            } catch (InterruptedException e) {
                running = false;
            } catch (Exception e) {
                // The class only: a message may quote data.
                if (!failing) {
                    LOG.warnf("%s fails and tries again: %s", name, describe(e));
                }
                failing = true;
                patience = patience.multipliedBy(2).compareTo(LONGEST_PATIENCE) < 0
                        ? patience.multipliedBy(2)
                        : LONGEST_PATIENCE;
                try {
                    pause(patience);
                } catch (InterruptedException interrupted) {
                    running = false;
                }
            }
        }
    }

    private static String describe(Throwable failure) {
        Throwable cause = failure.getCause();
        String at = failure.getStackTrace().length > 0 ? " at " + failure.getStackTrace()[0] : "";
        return failure.getClass().getName()
                + (cause == null ? "" : " <- " + cause.getClass().getName())
                + at;
    }

    private void pause(Duration time) throws InterruptedException {
        if (nudges.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
            nudges.drainPermits();
        }
    }

    @Override
    public void close() {
        running = false;
        nudges.release();
        try {
            if (thread.join(Duration.ofSeconds(5))) {
                step.stop().onFailure().recoverWithNull().await().atMost(Duration.ofSeconds(2));
            } else {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debugf("%s did not stop in order", name);
        }
    }
}
