package org.passerelle.referral.members;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;

/** The absences of an organisation's members as a table, which referrals are looked at by. */
@ApplicationScoped
class Absences {

    Uni<Void> declared(SqlConnection tx, String organisation, Account account, Absence absence) {
        Account cover = absence.cover();
        Tuple row = Tuple.tuple()
                .addString(account.hashed())
                .addString(organisation)
                .addOffsetDateTime(absence.from().atOffset(ZoneOffset.UTC))
                .addOffsetDateTime(absence.until().atOffset(ZoneOffset.UTC))
                .addString(cover == null ? null : cover.hashed())
                .addString(cover == null ? null : cover.issuer())
                .addString(cover == null ? null : cover.subject());
        return tx.preparedQuery("insert into absence (account, organisation, begins_at, ends_at, cover, cover_issuer,"
                        + " cover_subject) values ($1, $2, $3, $4, $5, $6, $7)"
                        + " on conflict (account, organisation) do update set begins_at = excluded.begins_at,"
                        + " ends_at = excluded.ends_at, cover = excluded.cover,"
                        + " cover_issuer = excluded.cover_issuer, cover_subject = excluded.cover_subject")
                .execute(row)
                .replaceWithVoid();
    }

    Uni<Void> over(SqlConnection tx, String organisation, Account account) {
        return tx.preparedQuery("delete from absence where account = $1 and organisation = $2")
                .execute(Tuple.of(account.hashed(), organisation))
                .replaceWithVoid();
    }
}
