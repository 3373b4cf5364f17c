package org.passerelle.edge;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Witnessing;
import org.passerelle.proof.Attestation;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.ServiceKeys;

/** With which keys this service proves its history, and who witnesses whom. */
@ApplicationScoped
public class ProofSettings {

    /** A directory with the files of {@link ServiceKeys}; without it events are taken, but nothing is proven. */
    @ConfigProperty(name = "passerelle.proof.keys")
    Optional<String> directory;

    /** Who witnesses this log: public key, space, address of its endpoint; separated by commas. No key twice: a quorum counts them. */
    @ConfigProperty(name = "passerelle.proof.witnesses")
    Optional<List<String>> witnesses;

    /** How many of them must have seen what counts as witnessed: of so many none may be in league with who changes a log. */
    @ConfigProperty(name = "passerelle.proof.quorum", defaultValue = "1")
    int quorum;

    /** Whose logs this service witnesses: their public keys, separated by commas. */
    @ConfigProperty(name = "passerelle.proof.witness-of")
    Optional<List<String>> watched;

    @ConfigProperty(name = "quarkus.application.name")
    String application;

    private @Nullable Optional<ServiceKeys> keys;

    String service() {
        return application.replace("-service", "");
    }

    synchronized Optional<ServiceKeys> keys() {
        if (keys == null) {
            keys = directory.map(path -> ServiceKeys.in(Path.of(path), service()));
        }
        return keys;
    }

    Attestation.Maker attesting() {
        return new Attestation.Maker(service(), keys().map(ServiceKeys::mac).orElse(null));
    }

    List<Witnessing.Other> witnesses() {
        Set<String> known = new HashSet<>();
        return witnesses.orElse(List.of()).stream()
                .map(text -> {
                    String[] parts = text.strip().split(" ", 2);
                    if (parts.length != 2) {
                        throw new IllegalArgumentException("passerelle.proof.witnesses: key, space, address");
                    }
                    NoteKey key = NoteKey.parse(parts[0]);
                    if (!known.add(HexFormat.of().formatHex(key.publicKey()))) {
                        throw new IllegalArgumentException(
                                "passerelle.proof.witnesses: the key of " + key.name() + " is there twice");
                    }
                    return new Witnessing.Other(URI.create(parts[1].strip()), key);
                })
                .toList();
    }

    int quorum() {
        int most = Math.max(1, witnesses.orElse(List.of()).size());
        if (quorum < 1 || quorum > most) {
            throw new IllegalArgumentException("passerelle.proof.quorum: 1 to " + most + ", as there are witnesses");
        }
        return quorum;
    }

    List<NoteKey> watched() {
        return watched.orElse(List.of()).stream()
                .map(String::strip)
                .map(NoteKey::parse)
                .toList();
    }
}
