package org.passerelle.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cases that wait because one of their records could not be processed. */
@Command(name = "parked", description = "cases that wait: list, explain, retry, skip")
final class ParkedCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ControlCommand ctl;

    ParkedCommand(ControlCommand ctl) {
        this.ctl = ctl;
    }

    @Override
    public void run() {
        System.err.println("ctl parked needs one of: list, explain SERVICE CONSUMER KEY, retry SERVICE CONSUMER KEY,"
                + " skip SERVICE CONSUMER KEY --reason TEXT");
    }

    @Command(name = "list", description = "every case that waits, in all services")
    int list() {
        for (var service : ServiceName.values()) {
            for (var waiting : ctl.get(service, "parked")) {
                System.out.printf(
                        "%s %s %s: %d records since %s; the first, %d of type %s, tried %d times: %s%n",
                        service.slug(),
                        waiting.path("consumer").asText(),
                        waiting.path("key").asText(),
                        waiting.path("records").asLong(),
                        waiting.path("since").asText(),
                        waiting.path("sequence").asLong(),
                        waiting.path("type").asText(),
                        waiting.path("attempts").asInt(),
                        waiting.path("reason").asText());
            }
        }
        return 0;
    }

    @Command(name = "explain", description = "the records of a case that waits, in order")
    int explain(
            @Parameters(paramLabel = "SERVICE") String service,
            @Parameters(paramLabel = "CONSUMER") String consumer,
            @Parameters(paramLabel = "KEY") String key) {
        for (var waiting : ctl.get(ControlCommand.named(service), place(consumer, key))) {
            var event = waiting.path("event");
            System.out.printf(
                    "%d  %s  %s  %s%n    %s%n",
                    event.path("sequence").asLong(),
                    event.path("time").asText(),
                    event.path("type").asText(),
                    waiting.path("reason").asText(),
                    event.path("data"));
        }
        return 0;
    }

    @Command(name = "retry", description = "apply the records of a case that wait, until one fails again")
    int retry(
            @Parameters(paramLabel = "SERVICE") String service,
            @Parameters(paramLabel = "CONSUMER") String consumer,
            @Parameters(paramLabel = "KEY") String key) {
        long applied = 0;
        while (true) {
            var answer = ctl.call(ControlCommand.named(service), place(consumer, key) + "/retry", "{}");
            applied += answer.path("applied").asLong();
            var remaining = answer.path("remaining").asLong();
            if (remaining == 0 || !answer.path("reason").isNull()) {
                System.out.printf("%d applied, %d still wait", applied, remaining);
                System.out.println(
                        remaining == 0 ? "" : ": " + answer.path("reason").asText());
                return remaining == 0 ? 0 : 1;
            }
        }
    }

    @Command(name = "skip", description = "pass over the first record of a case that waits, for ever")
    int skip(
            @Parameters(paramLabel = "SERVICE") String service,
            @Parameters(paramLabel = "CONSUMER") String consumer,
            @Parameters(paramLabel = "KEY") String key,
            @Option(names = "--reason", required = true, description = "about the machinery, never about a person")
                    String reason) {
        var name = ControlCommand.named(service);
        var first = ctl.get(name, place(consumer, key)).path(0).path("event").path("sequence");
        if (first.isMissingNode()) {
            System.err.println("nothing waits");
            return 1;
        }
        var body = JSON.createObjectNode().put("sequence", first.asLong()).put("reason", reason);
        var answer = ctl.call(name, place(consumer, key) + "/skip", body.toString());
        System.out.printf(
                "%d skipped, %d still wait (ctl parked retry)%n",
                first.asLong(), answer.path("remaining").asLong());
        return 0;
    }

    private static String place(String consumer, String key) {
        return "parked/" + encoded(consumer) + "/" + encoded(key);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
