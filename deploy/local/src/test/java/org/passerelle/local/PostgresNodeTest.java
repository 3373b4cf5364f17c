package org.passerelle.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresNodeTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void whatWasCommittedIsThereAfterThePostmasterWasKilled() throws Exception {
        try (var postgres = node(Ports.free())) {
            var first = postgres.start();
            postgres.createDatabase("kept");
            try (var connection = postgres.connect("kept");
                    var statement = connection.createStatement()) {
                statement.execute("create table kept (line text)");
                statement.execute("insert into kept values ('still here')");
                first.destroyForcibly().waitFor();
            }

            postgres.start();

            try (var connection = postgres.connect("kept");
                    var rows = connection.createStatement().executeQuery("select line from kept")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("still here");
            }
        }
    }

    @Test
    void nobodyComesInWithoutThePassword() throws Exception {
        try (var postgres = node(Ports.free())) {
            postgres.start();

            assertThatThrownBy(
                            () -> DriverManager.getConnection(postgres.jdbcUrl("postgres"), PostgresNode.USER, "guess")
                                    .close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void aPidFileOfSomebodyElsesProcessDoesNotStopIt() throws Exception {
        try (var postgres = node(Ports.free())) {
            postgres.start();
        }
        var pidFile = directory.resolve("data/postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");

        try (var postgres = node(Ports.free())) {
            assertThat(postgres.start().isAlive()).isTrue();
        }
    }

    private PostgresNode node(int port) {
        var binaries = Checkout.root().orElseThrow().resolve("deploy/local/target/postgres");
        return new PostgresNode(
                binaries,
                directory.resolve("data"),
                directory.resolve("postgres.log"),
                port,
                "secret",
                PostgresNode.Durability.UNTIL_POWER_CUT);
    }
}
