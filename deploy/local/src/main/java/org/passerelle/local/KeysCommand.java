package org.passerelle.local;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What wraps the keys of sealed personal fields. */
@Command(name = "keys", description = "the keys of sealed personal fields: status, rotate")
final class KeysCommand implements Runnable {
    private final ControlCommand ctl;

    KeysCommand(ControlCommand ctl) {
        this.ctl = ctl;
    }

    @Override
    public void run() {
        System.err.println("ctl keys needs one of: status, rotate SERVICE");
    }

    @Command(name = "status", description = "by which key-encryption key the data keys of each service are wrapped")
    int status() {
        for (var service : ServiceName.values()) {
            say(service, ctl.get(service, "keys"));
        }
        return 0;
    }

    @Command(name = "rotate", description = "add a key-encryption key; data keys are wrapped anew by themselves")
    int rotate(@Parameters(paramLabel = "SERVICE") String service) {
        var name = ControlCommand.named(service);
        say(name, ctl.call(name, "keys/rotate", "{}"));
        return 0;
    }

    private static void say(ServiceName service, JsonNode status) {
        System.out.printf(
                "%s wraps by %s; %d people erased%n",
                service.slug(),
                status.path("current").asText(),
                status.path("destroyed").asLong());
        for (var wrapping : status.path("wrappings")) {
            System.out.printf(
                    "  %d keys wrapped by %s%n",
                    wrapping.path("keys").asLong(), wrapping.path("wrappedBy").asText());
        }
    }
}
