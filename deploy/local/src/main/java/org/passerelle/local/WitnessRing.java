package org.passerelle.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.passerelle.proof.ServiceKeys;

/**
 * Who witnesses whom on one machine: each service the one before it, and reporting all of them. It shows how it works and
 * proves little, because one operator has all keys; a country adds witnesses of agencies that do not trust each other.
 */
final class WitnessRing {

    private final Installation installation;

    WitnessRing(Installation installation) {
        this.installation = installation;
    }

    /** Makes the keys that are missing, and writes down the public ones. */
    void prepare() {
        var lines = new ArrayList<String>();
        for (var service : ServiceName.values()) {
            ServiceKeys.makeIn(directory(service));
            lines.add(keys(service).log().key().text());
            lines.add(keys(service).witness().key().text());
        }
        try {
            Files.writeString(installation.publicKeys(), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + installation.publicKeys(), e);
        }
    }

    Path directory(ServiceName service) {
        return installation.secret("proof-" + service.slug());
    }

    private ServiceKeys keys(ServiceName service) {
        return ServiceKeys.in(directory(service), service.slug());
    }

    /** Those who witness its log, the next in the ring first. */
    static List<ServiceName> witnessesOf(ServiceName service) {
        var all = ServiceName.values();
        var next = all[(service.ordinal() + 1) % all.length];
        return service == ServiceName.REPORTING || next == ServiceName.REPORTING
                ? List.of(next)
                : List.of(next, ServiceName.REPORTING);
    }

    Map<String, String> environment(ServiceName service) {
        var witnesses = witnessesOf(service).stream()
                .map(other -> keys(other).witness().key().text() + " http://127.0.0.1:" + installation.httpPort(other)
                        + "/" + other.slug() + "/proof/witness")
                .collect(Collectors.joining(","));
        var watched = new ArrayList<String>();
        for (var other : ServiceName.values()) {
            if (witnessesOf(other).contains(service)) {
                watched.add(keys(other).log().key().text());
            }
        }
        return Map.of(
                "PASSERELLE_PROOF_KEYS", directory(service).toString(),
                "PASSERELLE_PROOF_WITNESSES", witnesses,
                "PASSERELLE_PROOF_WITNESS_OF", String.join(",", watched));
    }
}
