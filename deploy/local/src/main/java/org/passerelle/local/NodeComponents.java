package org.passerelle.local;

import java.nio.file.Path;

/** PostgreSQL and Kafka as supervised components. */
final class NodeComponents {
    private NodeComponents() {}

    record Postgres(Installation installation, PostgresNode node) implements Component {
        @Override
        public String name() {
            return "postgres";
        }

        @Override
        public Path log() {
            return installation.log(name());
        }

        @Override
        public Process start() {
            return node.start();
        }

        @Override
        public boolean healthy() {
            return node.takesConnections();
        }

        @Override
        public void stop(Process process) {
            node.close();
        }
    }

    record Kafka(Installation installation, KafkaNode node) implements Component {
        @Override
        public String name() {
            return "kafka";
        }

        @Override
        public Path log() {
            return installation.log(name());
        }

        @Override
        public Process start() {
            return node.start();
        }

        @Override
        public boolean healthy() {
            return node.answers();
        }

        @Override
        public void stop(Process process) {
            node.close();
        }
    }
}
