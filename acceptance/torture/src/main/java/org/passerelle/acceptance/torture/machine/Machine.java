package org.passerelle.acceptance.torture.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.passerelle.acceptance.torture.node.Node;
import org.passerelle.acceptance.torture.node.Settings;
import org.passerelle.local.KafkaNode;

/**
 * Everything under torture: two databases, a broker, two producers on the first database, two consumers on the second,
 * and a proxy on every connection between them. All of it on the loopback interface, in one directory.
 */
public final class Machine implements AutoCloseable {

    private static final int REPLICAS = 2;
    private static final int PARTITIONS = 6;

    private final Database producing;
    private final Database consuming;
    private final KafkaNode kafka;
    private final Proxy toKafka;
    private final List<Replica> producers = new ArrayList<>();
    private final List<Replica> consumers = new ArrayList<>();
    private @Nullable Process broker;

    public Machine(Path binaries, Path directory) {
        String password = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        int kafkaPort = Database.freePort();
        toKafka = new Proxy(kafkaPort);
        kafka = new KafkaNode(
                directory.resolve("kafka"),
                directory.resolve("kafka.log"),
                kafkaPort,
                Database.freePort(),
                toKafka.port());
        var first = CompletableFuture.supplyAsync(
                () -> new Database(binaries, directory.resolve("postgres-producing"), password));
        broker = kafka.start();
        producing = first.join();
        consuming = new Database(binaries, directory.resolve("postgres-consuming"), password);
        kafka.createTopic(Settings.TOPIC, PARTITIONS);
        for (int n = 1; n <= REPLICAS; n++) {
            producers.add(new Replica(
                    Node.Role.PRODUCER, "producer-" + n, directory, producing.port(), password, toKafka.port()));
            consumers.add(new Replica(
                    Node.Role.CONSUMER, "consumer-" + n, directory, consuming.port(), password, toKafka.port()));
        }
        replicas().forEach(Replica::launch);
        replicas().forEach(Replica::awaitUp);
    }

    /** The database that clients write to. */
    public Database producing() {
        return producing;
    }

    /** The database that holds the effects. */
    public Database consuming() {
        return consuming;
    }

    public List<Replica> producers() {
        return producers;
    }

    public List<Replica> consumers() {
        return consumers;
    }

    private Stream<Replica> replicas() {
        return Stream.concat(producers.stream(), consumers.stream());
    }

    public Proxy toKafka() {
        return toKafka;
    }

    public void killKafka() {
        if (broker != null) {
            Signals.kill(broker);
        }
    }

    public void startKafka() {
        if (broker == null || !broker.isAlive()) {
            broker = kafka.start();
        }
    }

    public void freezeKafka() {
        if (broker != null) {
            Signals.send(broker, "STOP");
        }
    }

    public void thawKafka() {
        if (broker != null) {
            Signals.send(broker, "CONT");
        }
    }

    /** Ends every fault: all processes run, all connections pass, the clocks are right. */
    public void heal() {
        toKafka.set(Proxy.Mode.PASS);
        thawKafka();
        producing.start();
        consuming.start();
        startKafka();
        replicas().forEach(replica -> {
            replica.toDatabase().set(Proxy.Mode.PASS);
            replica.thaw();
            if (!replica.alive()) {
                replica.launch();
            }
        });
        replicas().forEach(Replica::awaitUp);
        producing.shiftClock(0);
        consuming.shiftClock(0);
    }

    @Override
    public void close() {
        replicas().forEach(Replica::close);
        thawKafka();
        if (broker != null) {
            Signals.kill(broker);
        }
        toKafka.close();
        producing.close();
        consuming.close();
    }
}
