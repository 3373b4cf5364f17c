package org.passerelle.local.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The invented people and organisations of the demonstration country. */
public final class Cast {

    /** One who can log in. */
    public record Person(String username, String name, List<String> roles, String organisation, String language) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Person> people;
    private final Map<String, String> organisations;

    private Cast(List<Person> people, Map<String, String> organisations) {
        this.people = people;
        this.organisations = organisations;
    }

    public static Cast load() {
        var people = new ArrayList<Person>();
        for (JsonNode one : read("users.json")) {
            var roles = new ArrayList<String>();
            one.path("roles").forEach(role -> roles.add(role.asText()));
            people.add(new Person(
                    one.path("username").asText(),
                    one.path("name").asText(),
                    List.copyOf(roles),
                    one.path("organisation").asText(),
                    one.path("language").asText()));
        }
        var organisations = new LinkedHashMap<String, String>();
        for (JsonNode one : directory().path("organizations")) {
            organisations.put(one.path("id").asText(), one.path("name").asText());
        }
        return new Cast(List.copyOf(people), organisations);
    }

    /** The service directory of the demonstration country, in HSDS 3. */
    public static JsonNode directory() {
        return read("directory.hsds.json");
    }

    static JsonNode read(String file) {
        try (var in = Cast.class.getResourceAsStream("/demonstration/" + file)) {
            if (in == null) {
                throw new IllegalStateException("The resource demonstration/" + file + " is missing");
            }
            return JSON.readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public List<Person> people() {
        return people;
    }

    public Person person(String username) {
        return people.stream()
                .filter(p -> p.username().equals(username))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Nobody is called " + username));
    }

    /** Who answers offers for an organisation. */
    public Person provider(String organisation) {
        return of(organisation, "provider");
    }

    /** Who works with the cases of an organisation. */
    public Person caseWorker(String organisation) {
        return of(organisation, "case-worker");
    }

    /** Who tells for a police unit what came of a referral to it. */
    public Person investigator(String organisation) {
        return of(organisation, "police-investigator");
    }

    private Person of(String organisation, String role) {
        return people.stream()
                .filter(p -> p.organisation().equals(organisation) && p.roles().contains(role))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No " + role + " in organisation " + organisation));
    }

    public String organisationName(String organisation) {
        return organisations.getOrDefault(organisation, organisation);
    }
}
