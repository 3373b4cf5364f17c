package org.passerelle.identification;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.ExamplesBattery;
import org.passerelle.edge.testkit.LocalBackends;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("examples")
class ExamplesTest extends ExamplesBattery {

    ExamplesTest() {
        super("identification");
    }
}
