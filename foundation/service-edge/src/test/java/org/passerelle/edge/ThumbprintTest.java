package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.Certificates;

@Tag("tokens")
class ThumbprintTest {

    @Test
    void theHeaderIsACertificateOrNothing() {
        assertThat(Thumbprint.ofHeader(Certificates.HEADER)).contains(Certificates.THUMBPRINT);
        assertThat(Thumbprint.ofHeader(Certificates.OTHER_HEADER))
                .isPresent()
                .isNotEqualTo(java.util.Optional.of(Certificates.THUMBPRINT));
        for (String other : List.of("", "::", ":AAAA:", Certificates.HEADER.substring(1), Certificates.HEADER + ",")) {
            assertThat(Thumbprint.ofHeader(other)).as(other).isEmpty();
        }
    }

    @Test
    void onlyTheGatewaysNetworksAreBelieved() {
        List<String> networks = List.of("10.1.0.0/16", "::1", "192.0.2.7");
        assertThat(Thumbprint.within("10.1.255.3", networks)).isTrue();
        assertThat(Thumbprint.within("10.2.0.1", networks)).isFalse();
        assertThat(Thumbprint.within("0:0:0:0:0:0:0:1", networks)).isTrue();
        assertThat(Thumbprint.within("::2", networks)).isFalse();
        assertThat(Thumbprint.within("192.0.2.8", networks)).isFalse();
        assertThat(Thumbprint.within("10.1.0.1", List.of())).isFalse();
        assertThatThrownBy(() -> Thumbprint.within("10.1.0.1", List.of("10.1.0.0/33")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Thumbprint.within("10.1.0.1", List.of("gateway.example")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
