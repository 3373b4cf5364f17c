package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** What this service knows of organisations and their members; asked at every request, so that a change counts at once. */
@ApplicationScoped
public class Memberships {

    /** The organisations of the account, and the one that the token names, each with its standing. */
    private static final String STANDINGS = """
            select o.organisation, m.roles, coalesce(m.removed, false) as removed,
                   coalesce(s.suspended, false) as suspended, coalesce(s.members_complete, false) as complete,
                   exists (select 1 from parked_record p
                           where p.consumer = $3 and p.key = o.organisation) as unsettled
            from (select organisation from member where account = $1
                  union select $2::text where $2::text is not null) o
            left join member m on m.account = $1 and m.organisation = o.organisation
            left join organisation_standing s on s.organisation = o.organisation
            """;

    @Inject
    Pool pool;

    /** Denies accounts that no organisation has on record, in the whole installation. */
    @ConfigProperty(name = "passerelle.access.everybody-on-record", defaultValue = "false")
    boolean everybodyOnRecord;

    /** The caller behind the claims of a valid token; empty when the account may do nothing. */
    public Uni<Optional<Caller>> caller(Membership.Claims claims) {
        return pool.preparedQuery(STANDINGS)
                .execute(Tuple.of(
                        account(claims.issuer(), claims.subject()), claims.organisation(), FollowingMembers.CONSUMER))
                .map(rows -> {
                    List<Membership.Standing> standings = new ArrayList<>();
                    rows.forEach(row -> standings.add(standing(row)));
                    return Membership.caller(claims, standings, everybodyOnRecord);
                });
    }

    /** Whether an organisation may act at all: for those who act for it without an account. */
    public Uni<Boolean> inGoodStanding(String organisation) {
        return pool.preparedQuery("select not exists (select 1 from organisation_standing"
                        + " where organisation = $1 and suspended)"
                        + " and not exists (select 1 from parked_record where consumer = $2 and key = $1) as good")
                .execute(Tuple.of(organisation, FollowingMembers.CONSUMER))
                .map(rows -> rows.iterator().next().getBoolean("good"));
    }

    private static Membership.Standing standing(Row row) {
        return new Membership.Standing(
                row.getString("organisation"),
                roles(row.getArrayOfStrings("roles")),
                row.getBoolean("removed"),
                row.getBoolean("suspended"),
                row.getBoolean("complete"),
                row.getBoolean("unsettled"));
    }

    /** A role that this release does not know gives nothing. */
    private static @Nullable Set<Role> roles(String @Nullable [] codes) {
        return codes == null
                ? null
                : Arrays.stream(codes)
                        .map(Role::parse)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** An account, without saying whose: 64 hexadecimal digits. */
    public static String account(String issuer, String subject) {
        try {
            byte[] text = (issuer + "\n" + subject).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param roles as written in tokens */
    public Uni<Void> recorded(SqlClient tx, String organisation, String account, Collection<String> roles) {
        return tx.preparedQuery("insert into member (account, organisation, roles) values ($1, $2, $3)"
                        + " on conflict (account, organisation) do update set roles = excluded.roles, removed = false")
                .execute(Tuple.of(account, organisation, roles.toArray(String[]::new)))
                .replaceWithVoid();
    }

    public Uni<Void> removed(SqlClient tx, String organisation, String account) {
        return tx.preparedQuery("insert into member (account, organisation, roles, removed) values ($1, $2, '{}', true)"
                        + " on conflict (account, organisation) do update set roles = '{}', removed = true")
                .execute(Tuple.of(account, organisation))
                .replaceWithVoid();
    }

    public Uni<Void> suspended(SqlClient tx, String organisation, boolean suspended) {
        return tx.preparedQuery("insert into organisation_standing (organisation, suspended) values ($1, $2)"
                        + " on conflict (organisation) do update set suspended = excluded.suspended")
                .execute(Tuple.of(organisation, suspended))
                .replaceWithVoid();
    }

    public Uni<Void> complete(SqlClient tx, String organisation) {
        return tx.preparedQuery("insert into organisation_standing (organisation, members_complete) values ($1, true)"
                        + " on conflict (organisation) do update set members_complete = true")
                .execute(Tuple.of(organisation))
                .replaceWithVoid();
    }
}
