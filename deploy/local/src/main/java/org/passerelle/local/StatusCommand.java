package org.passerelle.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;

/** Shows each component's process, port and health; the exit code is 0 when all are healthy. */
@Command(name = "status")
final class StatusCommand implements Callable<Integer> {
    private static final String ROW = "%-15s %8s %6s  %s%n";

    private final LaunchCommand launch;

    StatusCommand(LaunchCommand launch) {
        this.launch = launch;
    }

    @Override
    public Integer call() {
        var installation = launch.installation();
        var ports = installation.ports();
        System.out.printf(ROW, "component", "process", "port", "health");
        var allHealthy = true;
        for (var check : checks(installation).entrySet()) {
            var component = check.getKey();
            var healthy = check.getValue().getAsBoolean();
            allHealthy &= healthy;
            System.out.printf(
                    ROW,
                    component,
                    process(installation, component),
                    ports.get(component),
                    healthy ? "healthy" : "down");
        }
        return allHealthy ? 0 : 1;
    }

    private static Map<String, BooleanSupplier> checks(Installation installation) {
        var checks = new LinkedHashMap<String, BooleanSupplier>();
        // Any answer below 500 shows that it is there; what it answers is the start page's affair.
        checks.put("gateway", () -> {
            var status = Http.status(installation.gateway());
            return status > 0 && status < 500;
        });
        checks.put(
                "login",
                () -> Http.status(URI.create(installation.issuer() + "/.well-known/openid-configuration")) == 200);
        checks.put(
                "postgres",
                () -> Files.exists(installation.secret("database-password"))
                        && installation.postgres().takesConnections());
        checks.put("kafka", () -> installation.kafka().answers());
        for (var service : ServiceName.values()) {
            checks.put(service.slug(), () -> Http.status(ServiceComponent.readiness(installation, service)) == 200);
        }
        return checks;
    }

    private static String process(Installation installation, String component) {
        var file = installation.pidFile(
                "gateway".equals(component) || "login".equals(component) ? "supervisor" : component);
        try {
            return Files.readString(file).strip();
        } catch (IOException none) {
            return "-";
        }
    }
}
