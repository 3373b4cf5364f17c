package org.passerelle.edge.sample;

import java.util.List;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamKind;

/** A jar for at most three coins. */
public record Jar(int coins) {

    public sealed interface Command {}

    public record AddCoin(String colour) implements Command {}

    public sealed interface Event {}

    public record CoinAdded(String colour) implements Event {}

    public static final StreamKind<Command, Jar, Event> KIND = StreamKind.of(
            "jar",
            new Decider<>() {
                @Override
                public Jar initial() {
                    return new Jar(0);
                }

                @Override
                public List<Event> decide(Command command, Jar jar) {
                    return switch (command) {
                        case AddCoin add -> {
                            if (jar.coins() == 3) {
                                throw Refusal.of("jar-full").with(3);
                            }
                            yield List.of(new CoinAdded(add.colour()));
                        }
                    };
                }

                @Override
                public Jar evolve(Jar jar, Event event) {
                    return new Jar(jar.coins() + 1);
                }
            },
            EventTypes.of(Event.class)
                    .type("sample.coin-added", 1, CoinAdded.class)
                    .build());
}
