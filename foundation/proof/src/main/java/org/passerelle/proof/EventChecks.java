package org.passerelle.proof;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be said of each event by itself and of its stream, whether it is witnessed or not. */
final class EventChecks {

    private final List<Attestation.Checker> checkers = new ArrayList<>();
    private final PairMap salts = new PairMap();
    private final PairMap versions = new PairMap();
    private final TreeHash hash = new TreeHash();
    private final @Nullable Long macFrom;
    private boolean macSeen;

    EventChecks(String service, Trust trust) {
        trust.macKeys().forEach(key -> checkers.add(new Attestation.Checker(service, key)));
        this.macFrom = trust.macFrom();
    }

    void check(long seq, EventRecord event, Consumer<Finding> findings) {
        byte[] attestation = event.attestation();
        boolean mac = attestation != null && attestation.length == Attestation.SALT + Attestation.MAC;
        if (!mac && (macFrom == null ? macSeen : seq >= macFrom)) {
            findings.accept(Finding.at(
                    Finding.Kind.NO_HMAC, seq, "the service did not take this event: no HMAC, as others before have"));
        }
        macSeen |= mac;
        if (mac && !checkers.isEmpty() && checkers.stream().noneMatch(checker -> checker.accepts(event))) {
            findings.accept(Finding.at(Finding.Kind.BAD_HMAC, seq, "the service did not take this event as it is"));
        }
        if (attestation != null && attestation.length >= Attestation.SALT) {
            ByteBuffer salt = Attestation.salt(attestation);
            long before = salts.put(salt.getLong(), salt.getLong(), seq);
            if (before != 0) {
                findings.accept(
                        Finding.at(Finding.Kind.SALT_USED_TWICE, seq, "a copy, with the random bits of seq " + before));
            }
        }
        byte[] stream = event.stream().getBytes(StandardCharsets.UTF_8);
        ByteBuffer key = ByteBuffer.wrap(hash.plain(stream, 0, stream.length));
        long before = versions.put(key.getLong(), key.getLong(), event.version());
        if (event.version() != before + 1) {
            findings.accept(Finding.at(
                    Finding.Kind.VERSION_GAP,
                    seq,
                    "version " + event.version() + " of its stream comes after version " + before));
        }
    }
}
