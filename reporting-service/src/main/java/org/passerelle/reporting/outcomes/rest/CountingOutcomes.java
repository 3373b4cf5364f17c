package org.passerelle.reporting.outcomes.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.reporting.outcomes.Register;

/**
 * Keeps the steps that one service tells of, to be counted. They are no part of the ledger: whoever reads a case's timeline
 * is not to learn there that the police investigate or that the person goes abroad.
 */
final class CountingOutcomes implements Effect {
    private final String service;

    CountingOutcomes(String service) {
        this.service = service;
    }

    @Override
    public String consumer() {
        return "outcomes-of-" + service;
    }

    @Override
    public String topic() {
        return "passerelle." + service;
    }

    @Override
    public Set<String> types() {
        return Arrays.stream(Register.values())
                .filter(register -> register.service().equals(service))
                .map(Register::type)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        return Uni.createFrom().deferred(() -> {
            Register register = Register.toldBy(event.type()).orElseThrow();
            UUID of = UUID.fromString(event.data().path(register.of()).asText());
            String step = register.step(event.data().path("step").asText())
                    .orElseThrow(() -> new IllegalArgumentException(event.type() + " tells an unknown step"));
            return tx.preparedQuery("insert into outcome_step (source, sequence, register, subject, step, told_at)"
                            + " values ($1, $2, $3, $4, $5, $6) on conflict do nothing")
                    .execute(Tuple.wrap(Arrays.asList(
                            event.source(),
                            event.sequence(),
                            register.code(),
                            of,
                            step,
                            event.time().atOffset(ZoneOffset.UTC))))
                    .replaceWithVoid();
        });
    }
}
