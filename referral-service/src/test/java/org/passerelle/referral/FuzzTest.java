package org.passerelle.referral;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.FuzzBattery;
import org.passerelle.edge.testkit.LocalBackends;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("fuzz")
class FuzzTest extends FuzzBattery {}
