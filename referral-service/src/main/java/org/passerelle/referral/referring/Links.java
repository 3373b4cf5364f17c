package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.ReferralCommand.RevokeLink;

/**
 * What opens a link: 128 random bits, which it is made of, and six digits told by telephone. Neither is stored. After five
 * wrong codes in a row the link opens nothing any more.
 */
@ApplicationScoped
public class Links {

    private static final int TOKEN_BYTES = 16;
    private static final int CODES = 1_000_000;
    private static final int TRIES = 5;

    private final SecureRandom random = new SecureRandom();

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    Clock clock;

    /** To be told once, the token in the link and the code by telephone. */
    public record Secret(String token, String code) {

        public String tokenHash() {
            return hash(token);
        }

        public String codeHash() {
            return hash(token + "\n" + code);
        }

        @Override
        public String toString() {
            return "Secret";
        }
    }

    /** What a link is to. */
    public record Link(UUID id, ReferralId referral, OfferId offer, UUID organisation, Instant until) {}

    public Secret secret() {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return new Secret(
                Base64.getUrlEncoder().withoutPadding().encodeToString(token), "%06d".formatted(random.nextInt(CODES)));
    }

    /** Null where the token, or the code, or the time is not right; which of them is not told. */
    public Uni<@Nullable Link> opened(String token, String code) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        // The try is counted before the code is compared: nobody tries more at once than one after the other.
        return pool.preparedQuery("update referral_link set tries = tries + 1 where token_hash = $1 and until > $2"
                        + " and revoked_at is null returning *")
                .execute(Tuple.of(hash(token), now))
                .flatMap(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().nullItem();
                    }
                    var row = rows.iterator().next();
                    Link link = new Link(
                            row.getUUID("link_id"),
                            new ReferralId(row.getUUID("referral_id")),
                            new OfferId(row.getUUID("offer_id")),
                            row.getUUID("organisation_id"),
                            row.getOffsetDateTime("until").toInstant());
                    // one that wrong codes closed while nobody could say so is ended now
                    boolean closed = row.getInteger("tries") > TRIES;
                    if (!closed && same(row.getString("code_hash"), hash(token + "\n" + code.replace(" ", "")))) {
                        return pool.preparedQuery("update referral_link set tries = 0 where link_id = $1")
                                .execute(Tuple.of(link.id()))
                                .replaceWith(link);
                    }
                    Uni<?> end =
                            row.getInteger("tries") < TRIES ? Uni.createFrom().voidItem() : end(link);
                    return end.replaceWith((Link) null);
                });
    }

    private Uni<?> end(Link link) {
        return store.handle(
                referrals,
                ReferralStream.of(link.referral()),
                new RevokeLink(link.id(), LinkEnd.WRONG_CODES, Lifecycle.Party.SYSTEM, now()),
                ExpectedVersion.any(),
                Metadata.system("links"));
    }

    /** Events that somebody causes by a link are said to be caused by it. */
    public static Metadata by(Link link) {
        return new Metadata(
                "link",
                link.id().toString(),
                link.organisation().toString(),
                UUID.randomUUID().toString(),
                null);
    }

    private Instant now() {
        return clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
