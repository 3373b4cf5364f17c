package org.passerelle.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Starts a whole installation, keeps each of its processes alive, and stops all of it. */
final class Supervisor implements AutoCloseable {
    /** Partitions of each service's topic on one machine. */
    static final int TOPIC_PARTITIONS = 6;

    private static final Duration HEALTH_LIMIT = Duration.ofMinutes(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LOG_POLL = Duration.ofMillis(300);

    private final Installation installation;
    private final Console console;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Keeper> services;
    private final Keeper postgres;
    private final Keeper kafka;
    private @Nullable LoginServer login;
    private @Nullable Gateway gateway;

    Supervisor(Installation installation, Console console) {
        this.installation = installation;
        this.console = console;
        this.postgres = keeper(new NodeComponents.Postgres(installation, installation.postgres()));
        this.kafka = keeper(new NodeComponents.Kafka(installation, installation.kafka()));
        this.services = Arrays.stream(ServiceName.values())
                .map(service -> keeper(new ServiceComponent(installation, service)))
                .toList();
    }

    /** A sentence for each port that somebody else has; empty when all are free. */
    static List<String> takenPorts(Installation installation) {
        return installation.ports().values().stream()
                .filter(port -> !Ports.isFree(port))
                .map(port -> "port " + port + " is taken")
                .toList();
    }

    /** Starts everything and returns when all of it is healthy. */
    void start() {
        startNodes();
        startEdge();
        writePorts();
        LoginUser.writeDemonstration(installation.demonstrationUsers());
        for (var service : services) {
            console.say(service.component().name(), "starting");
            service.start();
        }
        services.forEach(this::awaitHealthy);
    }

    /** Passes the components' logs on to the console until the supervisor is closed. */
    void followLogs() {
        var tails = keepers().stream()
                .map(keeper -> new LogTail(
                        keeper.component().name(), keeper.component().log()))
                .toList();
        Thread.ofPlatform().name("logs").daemon().start(() -> {
            while (!closed.get()) {
                tails.forEach(tail -> tail.passTo(console));
                sleep(LOG_POLL);
            }
        });
    }

    /** Returns when somebody closed the supervisor. */
    void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Stops all, those who use others first. May be called twice. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            awaitEnd();
            return;
        }
        console.say("passerelle", "stopping");
        inParallel(services.stream().<Runnable>map(service -> service::stop).toList());
        if (gateway != null) {
            gateway.close();
        }
        if (login != null) {
            login.close();
        }
        inParallel(List.of(kafka::stop, postgres::stop));
        forgetRun();
        console.say("passerelle", "stopped");
        ended.countDown();
    }

    private void startNodes() {
        console.say("passerelle", "starting PostgreSQL and Kafka");
        inParallel(List.of(
                () -> {
                    postgres.start();
                    console.say("postgres", "takes connections on port " + installation.postgresPort());
                },
                () -> {
                    kafka.start();
                    console.say("kafka", "answers on port " + installation.kafkaPort());
                }));
        for (var service : ServiceName.values()) {
            installation.postgres().createDatabase(service.slug());
            installation.postgres().createDatabase(service.keyDatabase());
            var topic = service.topic();
            if (topic != null) {
                installation.kafka().createTopic(topic, TOPIC_PARTITIONS);
            }
        }
    }

    private void startEdge() {
        login = LoginServer.start(
                "local",
                installation.loginPort(),
                installation.gateway(),
                installation.secret("login-key.json"),
                LoginUser.demonstration());
        gateway = Gateway.start(installation);
        console.say("gateway", "listens on " + installation.gateway());
    }

    private void awaitHealthy(Keeper keeper) {
        var component = keeper.component();
        var deadline = System.nanoTime() + HEALTH_LIMIT.toNanos();
        while (!component.healthy()) {
            if (closed.get()) {
                throw new IllegalStateException("stopped while starting");
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(component.name() + " was not healthy within " + HEALTH_LIMIT.toSeconds()
                        + " s; its log is " + component.log());
            }
            sleep(Duration.ofMillis(200));
        }
        console.say(component.name(), "healthy");
    }

    private Keeper keeper(Component component) {
        return new Keeper(component, installation.pidFile(component.name()), console, FIRST_PAUSE);
    }

    private List<Keeper> keepers() {
        var all = new ArrayList<>(services);
        all.add(kafka);
        all.add(postgres);
        return all;
    }

    private void writePorts() {
        try {
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(installation.portsFile().toFile(), installation.ports());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What says that something runs here. */
    private void forgetRun() {
        try {
            Files.deleteIfExists(installation.portsFile());
            Files.deleteIfExists(installation.readyFile());
            Files.deleteIfExists(installation.pidFile("supervisor"));
        } catch (IOException e) {
            console.say("passerelle", "cannot clear " + installation.run() + ": " + e.getMessage());
        }
    }

    private static void inParallel(List<Runnable> tasks) {
        try {
            CompletableFuture.allOf(
                            tasks.stream().map(CompletableFuture::runAsync).toArray(CompletableFuture[]::new))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
