package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.eventsourcing.Refusal;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class CursorsTest {

    @Inject
    Cursors cursors;

    @Inject
    Pool pool;

    private static <T> T await(Uni<T> uni) {
        return uni.await().indefinitely();
    }

    @Test
    void everyReplicaReadsTheCursorsOfTheOthers() {
        Cursors other = new Cursors();
        other.pool = pool;
        assertThat(await(other.open("list", await(cursors.seal("list", "é 1")))))
                .isEqualTo("é 1");
        assertThat(await(cursors.open("list", null))).isNull();
    }

    @Test
    void whatWasNotMadeForTheListIsRefused() {
        String sealed = await(cursors.seal("list of one", "position"));
        byte[] changed = Base64.getUrlDecoder().decode(sealed);
        changed[changed.length - 1]++;
        for (String made : List.of(
                Base64.getUrlEncoder().withoutPadding().encodeToString(changed),
                Base64.getUrlEncoder().encodeToString("position".getBytes(StandardCharsets.UTF_8)),
                "",
                "é",
                "A".repeat(5000))) {
            assertThatThrownBy(() -> await(cursors.open("list of one", made)))
                    .as(made)
                    .isInstanceOf(Refusal.class)
                    .hasMessage("cursor-malformed");
        }
        assertThatThrownBy(() -> await(cursors.open("list of another", sealed))).isInstanceOf(Refusal.class);
    }

    @Test
    void onlyAFullPageHasANextOne() {
        List<Integer> page = List.of(1, 2, 3);
        assertThat(await(cursors.next("list", page, 4, String::valueOf))).isNull();
        assertThat(await(cursors.open("list", await(cursors.next("list", page, 3, String::valueOf)))))
                .isEqualTo("3");
    }
}
