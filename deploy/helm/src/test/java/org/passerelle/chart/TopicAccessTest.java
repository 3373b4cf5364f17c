package org.passerelle.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("chart")
class TopicAccessTest {

    private static final Pattern LISTENS_TO = Pattern.compile("^passerelle\\.listens-to=(.+)$", Pattern.MULTILINE);

    private final Rendered rendered = Chart.BACKENDS.render();

    /** The access lists of Kafka against what the services are configured to read. */
    @ParameterizedTest
    @ValueSource(strings = {"identification", "referral", "assistance", "reporting"})
    void aServiceMayReadTheTopicsItListensToAndWriteItsOwn(String service) throws IOException {
        Path properties = Path.of(Objects.requireNonNull(System.getProperty("passerelle.root")))
                .resolve(service + "-service/src/main/resources/application.properties");
        Set<String> listensTo = LISTENS_TO
                .matcher(Files.readString(properties))
                .results()
                .flatMap((MatchResult r) -> Stream.of(r.group(1).strip().split(",")))
                .map(topic -> topic.replaceFirst("passerelle\\.", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        JsonNode acls = rendered.one("KafkaUser", "passerelle-" + service).at("/spec/authorization/acls");

        if (!service.equals("reporting")) {
            // Its own, to see at its start whether its log was restored to an earlier moment.
            listensTo.add(service);
        }
        assertThat(topics(acls, "Read")).isEqualTo(listensTo);
        assertThat(topics(acls, "Write"))
                .isEqualTo(
                        switch (service) {
                            case "reporting" -> Set.of();
                            case "referral" -> Set.of("referral", "subscription.");
                            default -> Set.of(service);
                        });
    }

    private static Set<String> topics(JsonNode acls, String operation) {
        return Rendered.each(acls)
                .filter(acl -> "topic".equals(acl.at("/resource/type").asText()))
                .filter(acl -> acl.path("operations").toString().contains("\"" + operation + "\""))
                .map(acl -> acl.at("/resource/name").asText().replaceFirst("passerelle\\.", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
