package org.passerelle.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does to the services' logs, over their public interfaces and with an operator's token. */
@Command(name = "ctl")
final class ControlCommand implements Runnable {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long PROGRESS_MILLIS = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LaunchCommand launch;

    ControlCommand(LaunchCommand launch) {
        this.launch = launch;
    }

    @Override
    public void run() {
        System.err.println(
                "ctl needs one of: status, audit, republish SERVICE --from SEQ, adopt-restore SERVICE, lost SERVICE,"
                        + " parked list|explain|retry|skip, rebuild SERVICE PROJECTION, export SERVICE FILE,"
                        + " checkpoints SERVICE FILE, verify EXPORT CHECKPOINTS, keys status|rotate");
    }

    @Command(name = "status", description = "how far each log is published, which cases are parked")
    int status() {
        return printed(service -> get(service, "status"));
    }

    @Command(name = "audit", description = "check that events = log + pending, without a gap")
    int audit() {
        return printed(service -> {
            var report = get(service, "audit");
            if (!report.path("sound").asBoolean()) {
                throw new IllegalStateException("the log of " + service.slug() + " is not sound: " + report);
            }
            return report;
        });
    }

    @Command(name = "republish", description = "fill a service's topic again from its log")
    int republish(
            @Parameters(paramLabel = "SERVICE", description = "identification, referral or assistance") String service,
            @Option(names = "--from", required = true, description = "first position of the log, from 1") long from) {
        var name = named(service);
        var body = "{\"from\":" + from + "}";
        System.out.println(name.slug() + " " + call(name, "republish", body));
        return 0;
    }

    @Command(name = "adopt-restore", description = "begin another life of a log whose database was restored")
    int adoptRestore(
            @Parameters(paramLabel = "SERVICE", description = "identification, referral or assistance")
                    String service) {
        var name = named(service);
        var adopted = call(name, "adopt-restore", "{}");
        System.out.printf(
                "%s begins epoch %s at position %d; %d published events were still there, %d are lost%n",
                name.slug(),
                adopted.path("epoch").asText(),
                adopted.path("firstSeq").asLong(),
                adopted.path("kept").asLong(),
                adopted.path("lostCount").asLong());
        if (adopted.path("witnessed").asLong() > 0) {
            System.out.printf(
                    "a witness had seen another history of it, of %d events: verify an export%n",
                    adopted.path("witnessed").asLong());
        }
        printLost(adopted.path("lost"));
        return 0;
    }

    @Command(name = "rebuild", description = "make a projection anew, compare it with the one that is read, swap them")
    int rebuild(
            @Parameters(paramLabel = "SERVICE", description = "identification, referral or assistance") String service,
            @Parameters(paramLabel = "PROJECTION", description = "e.g. case_list") String projection,
            @Option(
                            names = "--accept-differences",
                            description = "swap although rows differ, as they must when the projection's rules changed")
                    boolean acceptDifferences)
            throws InterruptedException {
        var name = named(service);
        var path = "projections/" + projection + "/rebuild";
        var progress = call(name, path, "{\"acceptDifferences\":" + acceptDifferences + "}");
        while (List.of("BUILDING", "VERIFYING").contains(progress.path("state").asText())
                && !progress.path("standsStill").asBoolean()) {
            System.out.println(told(progress));
            Thread.sleep(PROGRESS_MILLIS);
            progress = get(name, path);
        }
        System.out.println(told(progress));
        return progress.path("state").asText().equals("SWAPPED") ? 0 : 1;
    }

    private static String told(JsonNode progress) {
        var text = new StringBuilder(String.format(
                "%s %s: %d of %d",
                progress.path("projection").asText(),
                progress.path("state").asText().toLowerCase(Locale.ROOT),
                progress.path("position").asLong(),
                progress.path("head").asLong()));
        if (progress.path("perSecond").asLong() > 0) {
            text.append(", ").append(progress.path("perSecond").asLong()).append(" a second");
        }
        if (progress.hasNonNull("remaining")) {
            text.append(", ").append(progress.path("remaining").asLong()).append(" s left");
        }
        if (progress.path("standsStill").asBoolean()) {
            text.append(", stands still: its process died; begin anew");
        }
        if (progress.hasNonNull("reason")) {
            text.append(" (").append(progress.path("reason").asText()).append(')');
        }
        return text.toString();
    }

    @Command(name = "lost", description = "published events that a restore has lost, by case")
    int lost(
            @Parameters(paramLabel = "SERVICE", description = "identification, referral or assistance")
                    String service) {
        printLost(get(named(service), "lost"));
        return 0;
    }

    private static void printLost(JsonNode lost) {
        var key = "";
        for (var event : lost) {
            if (!event.path("key").asText().equals(key)) {
                key = event.path("key").asText();
                System.out.println(key);
            }
            System.out.printf(
                    "  %s  %d  %s  %s%n",
                    event.path("time").asText(),
                    event.path("sequence").asLong(),
                    event.path("type").asText(),
                    event.path("id").asText());
        }
    }

    private interface Question {
        JsonNode ask(ServiceName service);
    }

    private int printed(Question question) {
        var failed = false;
        for (var service : ServiceName.values()) {
            try {
                System.out.println(service.slug() + " " + question.ask(service));
            } catch (IllegalStateException e) {
                System.err.println(e.getMessage());
                failed = true;
            }
        }
        return failed ? 1 : 0;
    }

    static ServiceName named(String service) {
        for (var name : ServiceName.values()) {
            if (name.slug().equals(service.toLowerCase(Locale.ROOT))) {
                return name;
            }
        }
        throw new IllegalArgumentException(
                "no service " + service + "; there are identification, referral, assistance, reporting");
    }

    JsonNode get(ServiceName service, String operation) {
        return call(service, operation, null);
    }

    JsonNode call(ServiceName service, String operation, @Nullable String body) {
        var request = request(service, "operations/" + operation);
        if (body != null) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        return answer(service.slug() + " " + operation, request);
    }

    /** What a service answers to GET, as it is. */
    String text(ServiceName service, String path) {
        return body(service.slug() + " " + path, request(service, path));
    }

    Installation installation() {
        return launch.installation();
    }

    private HttpRequest.Builder request(ServiceName service, String path) {
        var address = launch.installation().gateway().resolve("/" + service.slug() + "/" + path);
        return HttpRequest.newBuilder(address).header("Authorization", "Bearer " + operatorToken());
    }

    private String operatorToken() {
        var operator = LoginUser.demonstration().stream()
                .filter(user -> user.roles().contains("operator"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no user is an operator"));
        var form = "grant_type=password&password=none&client_id=passerelle&username=" + operator.username();
        var request = HttpRequest.newBuilder(URI.create(launch.installation().issuer() + "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        return answer("login", request).path("access_token").asText();
    }

    private static JsonNode answer(String what, HttpRequest.Builder request) {
        try {
            return JSON.readTree(body(what, request));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(what + ": no JSON", e);
        }
    }

    private static String body(String what, HttpRequest.Builder request) {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(what + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new IllegalStateException(what + ": no answer; is Passerelle up? (./passerelle status)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
