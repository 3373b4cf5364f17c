package org.passerelle.referral;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.time.Duration;
import java.util.Map;

/**
 * Emergency offers live seconds, so that a test can wait for the end of one. After a change of the directory those who
 * wait are found two at a time, so that three take two steps.
 */
public class ShortEmergencies implements QuarkusTestResourceLifecycleManager {

    static final Duration LIFE = Duration.ofSeconds(6);

    @Override
    public Map<String, String> start() {
        return Map.of("passerelle.offers.emergency", LIFE.toSeconds() + "s", "passerelle.looking-again.page", "2");
    }

    @Override
    public void stop() {}
}
