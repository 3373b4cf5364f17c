package org.passerelle.local.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Runs one Kafka node until it is told to stop or its parent process is gone.
 *
 * <p>Arguments: data directory, broker port, controller port, process id of the parent, and the port that clients are
 * told to connect to: the broker's own, or that of a proxy in front of it.
 */
public final class KafkaNodeMain {
    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;
    // Logging configuration is held weakly by the JDK: keep the logger, or its level is forgotten.
    private static final Logger KAFKA_LOG = Logger.getLogger("");

    private KafkaNodeMain() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 5) {
            System.err.println(
                    "usage: KafkaNodeMain DATA_DIRECTORY BROKER_PORT CONTROLLER_PORT PARENT_PID ADVERTISED_PORT");
            System.exit(64);
        }
        var data = Path.of(args[0]);
        KAFKA_LOG.setLevel(Level.WARNING);
        endWithParent(Long.parseLong(args[3]));

        Files.createDirectories(data);
        format(data);
        var settings = settings(data, Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[4]));
        var server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "kafka-shutdown"));
        server.startup();
        System.out.println("Kafka listens on " + HOST + ":" + args[1]);
        server.awaitShutdown();
    }

    /** Nobody stops a node whose parent was killed; without this it would stay for ever. */
    private static void endWithParent(long parent) {
        ProcessHandle.of(parent)
                .ifPresentOrElse(
                        process -> process.onExit()
                                .thenRun(() -> Runtime.getRuntime().halt(1)),
                        () -> Runtime.getRuntime().halt(1));
    }

    private static void format(Path data) throws Exception {
        var clusterId = data.resolve("cluster-id");
        if (!Files.exists(clusterId)) {
            Files.writeString(clusterId, Uuid.randomUuid().toString());
        }
        new Formatter()
                .setClusterId(Files.readString(clusterId).strip())
                .setNodeId(NODE)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data.resolve("log").toString())
                .addDirectory(data.resolve("log").toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .run();
    }

    private static Properties settings(Path data, int port, int controllerPort, int advertisedPort) {
        var settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE));
        settings.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + advertisedPort);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", data.resolve("log").toString());
        // A topic that nobody declared is a mistake: Passerelle creates its topics itself.
        settings.put("auto.create.topics.enable", "false");
        settings.put("log.retention.hours", String.valueOf(30 * 24));
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "6");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "3");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // The controller keeps a killed broker registered this long and lets it back only then (default 9 s).
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        // 128 MB by default, a third of this node's heap.
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
        return settings;
    }
}
