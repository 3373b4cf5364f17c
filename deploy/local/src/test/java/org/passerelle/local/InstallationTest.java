package org.passerelle.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (var somebody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var installation = new Installation(directory, somebody.getLocalPort() - 3);

            assertThat(Supervisor.takenPorts(installation)).contains("port " + somebody.getLocalPort() + " is taken");
        }
    }

    @Test
    void allPortsAreDifferentAndFollowTheBase() {
        var ports = new Installation(directory, 8080).ports().values();

        assertThat(ports)
                .hasSize(Installation.PORTS)
                .doesNotHaveDuplicates()
                .allMatch(port -> port >= 8080 && port < 8080 + Installation.PORTS);
    }

    @Test
    void aPortBaseThatLeavesNoRoomIsRefused() {
        assertThatThrownBy(() -> new Installation(directory, 80)).hasMessageContaining("between 1024 and 65522");
        assertThatThrownBy(() -> new Installation(directory, 65_530)).hasMessageContaining("between 1024 and 65522");
    }

    @Test
    void thePasswordIsRandomKeptAndReadableByItsOwnerOnly() throws Exception {
        var one = new Installation(directory.resolve("one"), 8080);
        var other = new Installation(directory.resolve("other"), 8080);
        one.prepare();
        other.prepare();

        assertThat(one.databasePassword())
                .hasSize(32)
                .isEqualTo(one.databasePassword())
                .isNotEqualTo(other.databasePassword());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one.secret("database-password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aStoppedNodeIsKnownAtOnce() throws Exception {
        int nobody;
        try (var somebody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.isListenedOn(somebody.getLocalPort())).isTrue();
            nobody = somebody.getLocalPort();
        }
        assertThat(Ports.isListenedOn(nobody)).isFalse();
        long begun = System.nanoTime();
        assertThat(new KafkaNode(directory, directory.resolve("log"), nobody, nobody + 1).answers())
                .isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }
}
