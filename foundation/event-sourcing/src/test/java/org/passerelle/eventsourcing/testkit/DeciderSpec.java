package org.passerelle.eventsourcing.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.Refusal;

/** Given events, when a command, then events or a refusal. */
public final class DeciderSpec<C, S, E> {

    private final Decider<C, S, E> decider;
    private final List<E> given;

    private DeciderSpec(Decider<C, S, E> decider, List<E> given) {
        this.decider = decider;
        this.given = given;
    }

    @SafeVarargs
    public static <C, S, E> DeciderSpec<C, S, E> given(Decider<C, S, E> decider, E... events) {
        return new DeciderSpec<>(decider, List.of(events));
    }

    public When when(C command) {
        return new When(command);
    }

    /** A command about to be decided. */
    public final class When {
        private final C command;

        private When(C command) {
            this.command = command;
        }

        private List<E> decide() {
            return decider.decide(command, decider.fold(decider.initial(), given));
        }

        @SafeVarargs
        public final void then(E... events) {
            assertThat(decide()).containsExactly(events);
        }

        public void thenNothing() {
            assertThat(decide()).isEmpty();
        }

        public Refusal thenRefused(String code) {
            Refusal refusal = catchThrowableOfType(Refusal.class, this::decide);
            assertThat(refusal).as("a refusal").isNotNull();
            assertThat(refusal.code()).isEqualTo(code);
            return refusal;
        }
    }
}
