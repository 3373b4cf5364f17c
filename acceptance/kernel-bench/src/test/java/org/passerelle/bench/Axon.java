package org.passerelle.bench;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.serialization.json.JacksonSerializer;
import org.passerelle.local.Backends;

/** Axon Framework's JDBC event store, as its documentation sets it up, one connection per client. */
final class Axon {

    private static final Map<String, ?> METADATA = Map.of("by", "m".repeat(64));

    /** The event. */
    record Added(
            @JsonProperty("number") long number,
            @JsonProperty("note") String note) {
        @JsonCreator
        Added {}
    }

    /** The aggregate that adds up. */
    static class TallyAggregate {
        @AggregateIdentifier
        private String id = "";

        private long sum;

        /** Made by the repository before it replays. */
        protected TallyAggregate() {}

        void add(long number) {
            AggregateLifecycle.apply(new Added(number, Tally.FILLER), MetaData.from(METADATA));
        }

        @EventSourcingHandler
        void on(Added event, DomainEventMessage<Added> message) {
            id = message.getAggregateIdentifier();
            sum += event.number();
        }
    }

    private final Backends backends;
    private final String database;
    private final Map<Integer, Connection> connections = new ConcurrentHashMap<>();
    private final ThreadLocal<Connection> connection = ThreadLocal.withInitial(() -> connectionOf(0));
    private final TransactionManager transactions = this::begin;
    private final JdbcEventStorageEngine engine;
    private final EventSourcingRepository<TallyAggregate> repository;

    Axon(Backends backends, String database) {
        this.backends = backends;
        this.database = database;
        JacksonSerializer serializer = JacksonSerializer.defaultSerializer();
        engine = JdbcEventStorageEngine.builder()
                .snapshotSerializer(serializer)
                .eventSerializer(serializer)
                .connectionProvider((ConnectionProvider) () -> new UnclosedConnection(connection.get()).proxy())
                .transactionManager(transactions)
                .build();
        engine.createSchema(PostgresEventTableFactory.INSTANCE);
        repository = EventSourcingRepository.builder(TallyAggregate.class)
                .eventStore(EmbeddedEventStore.builder().storageEngine(engine).build())
                .build();
    }

    /** The connection of a client, the same in every round. */
    private Connection connectionOf(int client) {
        return connections.computeIfAbsent(client, number -> connect());
    }

    private Connection connect() {
        try {
            Connection opened = DriverManager.getConnection(
                    backends.jdbcUrl(database) + "?prepareThreshold=1", backends.user(), backends.password());
            opened.setAutoCommit(false);
            return opened;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Transaction begin() {
        return new Transaction() {
            @Override
            public void commit() {
                try {
                    connection.get().commit();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void rollback() {
                try {
                    connection.get().rollback();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    private static DomainEventMessage<Added> event(String aggregate, long sequence) {
        return new GenericDomainEventMessage<>(
                "Tally", aggregate, sequence, new Added(1, Tally.FILLER), MetaData.from(METADATA));
    }

    /** One event of a new aggregate a call, each its own transaction. */
    Load.Client appending(int number) {
        return () -> {
            connection.set(connectionOf(number));
            transactions.executeInTransaction(
                    () -> engine.appendEvents(List.of(event(UUID.randomUUID().toString(), 0))));
            return 1;
        };
    }

    List<String> aggregates(List<Integer> sizes) {
        List<String> ids = new ArrayList<>();
        for (int size : sizes) {
            String id = UUID.randomUUID().toString();
            List<DomainEventMessage<?>> events = new ArrayList<>();
            for (int n = 0; n < size; n++) {
                events.add(event(id, n));
            }
            transactions.executeInTransaction(() -> engine.appendEvents(events));
            ids.add(id);
        }
        return ids;
    }

    /** Load, decide, append, in one unit of work. */
    void add(int client, String aggregate) {
        connection.set(connectionOf(client));
        var unit = DefaultUnitOfWork.startAndGet(null);
        unit.attachTransaction(transactions);
        unit.execute(() -> repository.load(aggregate).execute(tally -> tally.add(1)));
    }
}
