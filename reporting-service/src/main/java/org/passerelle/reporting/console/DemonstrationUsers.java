package org.passerelle.reporting.console;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.passerelle.reporting.ReportingSettings;

/** The invented users of the demonstration, by role; nobody where no demonstration is loaded. */
@ApplicationScoped
public class DemonstrationUsers {
    private static final Logger LOG = Logger.getLogger(DemonstrationUsers.class);

    private final List<OfRole> byRole;

    @Inject
    DemonstrationUsers(ReportingSettings settings, ObjectMapper json) {
        this.byRole = settings.demonstrationUsers()
                .filter(path -> !path.isBlank())
                .map(path -> grouped(read(Path.of(path), json)))
                .orElse(List.of());
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record User(String username, String name, List<String> roles) {}

    /** People who share their first role. */
    public record OfRole(String role, List<Person> people) {}

    public record Person(String username, String name) {}

    public List<OfRole> byRole() {
        return byRole;
    }

    /** Without the list the page is still useful: it only cannot say who there is. */
    private static List<User> read(Path file, ObjectMapper json) {
        if (!Files.isReadable(file)) {
            LOG.warnf("no list of demonstration users at %s", file);
            return List.of();
        }
        try {
            return json.readValue(file.toFile(), new TypeReference<List<User>>() {});
        } catch (IOException e) {
            LOG.warnf("the list of demonstration users at %s does not read", file);
            return List.of();
        }
    }

    private static List<OfRole> grouped(List<User> users) {
        Map<String, List<Person>> groups = new LinkedHashMap<>();
        for (User user : users) {
            if (!user.roles().isEmpty()) {
                groups.computeIfAbsent(user.roles().getFirst(), role -> new ArrayList<>())
                        .add(new Person(user.username(), user.name()));
            }
        }
        return groups.entrySet().stream()
                .map(group -> new OfRole(group.getKey(), List.copyOf(group.getValue())))
                .toList();
    }
}
