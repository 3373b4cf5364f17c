package org.passerelle.eventsourcing.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.sealing.DataKeys.Whose;

class KeyMemoryTest {

    private final KeyMemory memory = new KeyMemory();

    private static SpareKeys.Spare spare() {
        return new SpareKeys.Spare(UUID.randomUUID().toString(), DataKey.random(DataKey.Of.PERSON));
    }

    @Test
    void whoIsGivenAKeyByTwoAtOnceHasTheFirst() {
        SpareKeys.Spare first = spare();
        SpareKeys.Spare second = spare();
        memory.give(first, "4829-1370-6158");
        memory.give(second, "4829-1370-6158");

        Whose identity = new Whose("4829-1370-6158", "identity");
        Whose health = new Whose("4829-1370-6158", "health");
        DataKeys.Keys keys = memory.keys(Set.of(identity, health), Set.of()).orElseThrow();

        assertThat(keys.id(identity)).contains(first.id() + ".identity");
        assertThat(keys.id(health)).contains(first.id() + ".health");
        assertThat(keys.unnamed(first.id() + ".health")).isTrue();
        assertThat(memory.key(second.id())).isNull();
    }

    @Test
    void whoseKeyIsNotInMemoryAnyMoreIsGivenAnother() {
        SpareKeys.Spare first = spare();
        SpareKeys.Spare second = spare();
        memory.give(first, "4829-1370-6158");
        memory.forget(first.id());
        memory.give(second, "4829-1370-6158");

        Whose story = new Whose("4829-1370-6158", "story");
        assertThat(memory.keys(Set.of(story), Set.of()).orElseThrow().id(story)).contains(second.id() + ".story");
    }
}
