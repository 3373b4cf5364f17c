package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One installation on this machine: all its state is in one directory, its ports are consecutive numbers.
 *
 * @param data directory of all state
 * @param portBase the gateway's port; the components take the twelve after it
 */
record Installation(Path data, int portBase) {
    /** So many ports from the base on. */
    static final int PORTS = 13;

    private static final int MANAGEMENT = 5;

    Installation {
        data = data.toAbsolutePath().normalize();
        if (portBase < 1024 || portBase + PORTS > 65_535) {
            throw new IllegalArgumentException("the port base must be between 1024 and " + (65_535 - PORTS));
        }
    }

    URI gateway() {
        return URI.create("http://localhost:" + portBase);
    }

    String issuer() {
        return gateway() + "/" + LoginServer.ISSUER_PATH;
    }

    int httpPort(ServiceName service) {
        return portBase + 1 + service.ordinal();
    }

    int managementPort(ServiceName service) {
        return portBase + MANAGEMENT + service.ordinal();
    }

    int postgresPort() {
        return portBase + 9;
    }

    int kafkaPort() {
        return portBase + 10;
    }

    int kafkaControllerPort() {
        return portBase + 11;
    }

    int loginPort() {
        return portBase + 12;
    }

    /** What runs now: a pid file for each component, the ports. */
    Path run() {
        return data.resolve("run");
    }

    Path pidFile(String component) {
        return run().resolve(component + ".pid");
    }

    Path portsFile() {
        return run().resolve("ports.json");
    }

    /** There once everything is healthy; the launcher waits for it before it lets go of a detached installation. */
    Path readyFile() {
        return run().resolve("ready");
    }

    Path log(String component) {
        return data.resolve("logs").resolve(component + ".log");
    }

    /** Copies of what was built, so that a new build does not disturb what runs. */
    Path app() {
        return data.resolve("app");
    }

    LinkKeys linkKeys() {
        return new LinkKeys(secret("link-keys.json"));
    }

    AvoidanceKeys avoidanceKeys() {
        return new AvoidanceKeys(secret("avoidance-keys.json"));
    }

    Path secret(String name) {
        return data.resolve("secrets").resolve(name);
    }

    /** The invented users, for the start page. */
    Path demonstrationUsers() {
        return run().resolve("demonstration-users.json");
    }

    /** Where the demonstration country's loading remembers how far it came. */
    Path demonstrationMemory() {
        return data.resolve("demonstration");
    }

    /** Public keys of everybody who signs: what {@code ctl verify} takes where nothing else is said. */
    Path publicKeys() {
        return data.resolve("public-keys");
    }

    /** Makes the directories and keys, readable by their owner only. */
    void prepare() {
        try {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            for (var directory : new Path[] {run(), data.resolve("logs"), data.resolve("secrets")}) {
                Files.createDirectories(directory, ownerOnly);
            }
            new WitnessRing(this).prepare();
            linkKeys().prepare();
            avoidanceKeys().prepare();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the data directory " + data, e);
        }
    }

    /** The database's password: random, made at the first start, readable by its owner only. */
    String databasePassword() {
        var file = secret("database-password");
        try {
            if (!Files.exists(file)) {
                var random = new byte[16];
                new SecureRandom().nextBytes(random);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, HexFormat.of().formatHex(random));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the database's password in " + file, e);
        }
    }

    PostgresNode postgres() {
        return new PostgresNode(
                data.resolve("postgres-programs"),
                data.resolve("postgres"),
                log("postgres"),
                postgresPort(),
                databasePassword(),
                PostgresNode.Durability.FULL);
    }

    KafkaNode kafka() {
        return new KafkaNode(data.resolve("kafka"), log("kafka"), kafkaPort(), kafkaControllerPort());
    }

    /** Component and port, in the order they are started. */
    Map<String, Integer> ports() {
        var ports = new LinkedHashMap<String, Integer>();
        ports.put("gateway", portBase);
        ports.put("login", loginPort());
        ports.put("postgres", postgresPort());
        ports.put("kafka", kafkaPort());
        ports.put("kafka-controller", kafkaControllerPort());
        for (var service : ServiceName.values()) {
            ports.put(service.slug(), httpPort(service));
        }
        for (var service : ServiceName.values()) {
            ports.put(service.slug() + "-management", managementPort(service));
        }
        return ports;
    }
}
