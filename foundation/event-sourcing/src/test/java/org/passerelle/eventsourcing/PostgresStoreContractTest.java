package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.eventsourcing.testkit.StoreContract;
import org.passerelle.eventsourcing.testkit.TestStore;

class PostgresStoreContractTest extends StoreContract {

    @Override
    protected Subject newStore() {
        return new Postgres(new TestStore());
    }

    private record Postgres(TestStore db) implements Subject {

        @Override
        public Appended append(Append append) {
            return db.store.append(append).await().indefinitely();
        }

        @Override
        public Open begin(Append append) {
            SqlConnection connection = db.pool.getConnection().await().indefinitely();
            Transaction tx = connection.begin().await().indefinitely();
            db.store.appendIn(connection, append).await().indefinitely();
            return new Open() {
                @Override
                public void commit() {
                    tx.commit().chain(connection::close).await().indefinitely();
                }

                @Override
                public void rollBack() {
                    tx.rollback().chain(connection::close).await().indefinitely();
                }
            };
        }

        @Override
        public List<StoredEvent> stream(StreamId stream) {
            List<StoredEvent> events = new ArrayList<>();
            db.pool
                    .preparedQuery(
                            "select " + Rows.EVENT_COLUMNS + " from event e where stream_id = $1 order by version")
                    .execute(Rows.tuple(stream.text()))
                    .await()
                    .indefinitely()
                    .forEach(row -> events.add(Rows.event(row)));
            return events;
        }

        @Override
        public void sequence() {
            // One at a time, as the lease sees to it among processes.
            synchronized (db) {
                Sequencer sequencer = new Sequencer(db.pool);
                while (sequencer.step().await().indefinitely() > 0) {}
                sequencer.stop().await().indefinitely();
            }
        }

        @Override
        public List<LogEntry> log(long after, int limit) {
            return db.store.log(after, limit).await().indefinitely();
        }

        @Override
        public Multi<LogEntry> tail(long after) {
            return new LogTail(db.pool, new LogSignal(db.pool)).from(after);
        }

        @Override
        public void close() {
            db.close();
        }
    }
}
