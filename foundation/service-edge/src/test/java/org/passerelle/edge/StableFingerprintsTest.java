package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StableFingerprintsTest {
    record Request(Set<Thread.State> states) {}

    @Test
    void aSetIsReadInTheOrderInWhichItWasSent() throws Exception {
        var mapper = new ObjectMapper();
        new StableFingerprints().customize(mapper);
        var sent = "{\"states\":[\"WAITING\",\"NEW\",\"TERMINATED\",\"BLOCKED\",\"RUNNABLE\"]}";

        assertThat(mapper.writeValueAsString(mapper.readValue(sent, Request.class)))
                .isEqualTo(sent);
    }
}
