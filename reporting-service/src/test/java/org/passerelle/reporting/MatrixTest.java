package org.passerelle.reporting;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.MatrixBattery;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("matrix")
class MatrixTest extends MatrixBattery {

    MatrixTest() {
        super("reporting");
    }

    @Override
    protected Set<String> pages() {
        return Set.of("GET /", "GET /pages/funnel", "GET /pages/outcomes");
    }
}
