package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Arrays;
import java.util.Optional;

/** One effect per command: the answers given, by key, in the same transaction as the effect. */
final class Receipts {

    /** The answer given before, if any; fails when the key was used for another request. */
    Uni<Optional<StoredAnswer>> find(SqlClient client, String key, byte[] fingerprint) {
        return client.preparedQuery("select fingerprint, status, location, version, body from receipt where key = $1")
                .execute(tuple(key))
                .map(rows -> {
                    var found = rows.iterator();
                    if (!found.hasNext()) {
                        return Optional.empty();
                    }
                    var row = found.next();
                    if (!Arrays.equals(Rows.bytes(row, "fingerprint"), fingerprint)) {
                        throw new AppendRejected.KeyReused();
                    }
                    return Optional.of(new StoredAnswer(
                            row.getInteger("status"),
                            row.getString("location"),
                            row.getLong("version"),
                            Rows.bytes(row, "body")));
                });
    }

    /**
     * Takes the key with its answer. A transaction that holds the same key makes this one wait for its end.
     *
     * @return failing with {@link AlreadyAnswered} or {@link AppendRejected.KeyReused}
     */
    Uni<Void> take(SqlConnection tx, Receipt receipt) {
        StoredAnswer answer = receipt.answer();
        return tx.preparedQuery("insert into receipt (key, fingerprint, status, location, version, body)"
                        + " values ($1, $2, $3, $4, $5, $6) on conflict do nothing")
                .execute(tuple(
                        receipt.key(),
                        Buffer.buffer(receipt.fingerprint()),
                        answer.status(),
                        answer.location(),
                        answer.version(),
                        Buffer.buffer(answer.body())))
                .flatMap(inserted -> inserted.rowCount() == 1
                        ? Uni.createFrom().voidItem()
                        : find(tx, receipt.key(), receipt.fingerprint()).map(first -> {
                            throw new AlreadyAnswered(first.orElseThrow());
                        }));
    }
}
