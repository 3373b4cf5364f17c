package org.passerelle.identification.arriving.keeping;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.handingover.HandOverId;

/** Reads which arrivals there are, and keeps their files while they wait. */
@ApplicationScoped
public class Arrivals {

    private static final String TAKEN_BACK = "(w.state = 'accepted' and w.withdrawn_at is not null and exists"
            + " (select 1 from case_list c where c.case_code = w.case_code and c.state = 'open'))";

    @Inject
    Pool pool;

    /**
     * @param from     the country that hands over
     * @param state    waiting, accepted, declined, expired or withdrawn
     * @param until    from then on it can no longer be accepted
     * @param caseCode of the case that was opened here; absent until then
     * @param undelivered why the sending installation did not take the answer, which is not tried any more: carry it there;
     *     absent unless that is so
     * @param withdrawnAt when the person withdrew the consent to be handed over; absent unless they did. Of one that was
     *     accepted: whoever keeps the case here has to decide, with the person, what becomes of it
     * @param nextStep of the desk; absent where it has answered, or can no longer accept
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Line(
            HandOverId handOverId,
            String from,
            String state,
            Instant arrivedAt,
            Instant until,
            @Nullable String caseCode,
            @Nullable String undelivered,
            @Nullable Instant withdrawnAt,
            @Nullable Step nextStep) {

        /** For whoever sees to it that the desk answers, and keeps no case. */
        public Line withoutCase() {
            return new Line(handOverId, from, state, arrivedAt, until, null, undelivered, withdrawnAt, nextStep);
        }
    }

    /**
     * What has to be done next.
     *
     * @param step    answer: accept or decline
     * @param by      when somebody is told that it is not done
     * @param told    who was told last: reminder (the desk), supervisor or coordinator; absent until then
     * @param urgency of the most urgent need; absent where no need was told
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Step(
            String step,
            Instant by,
            @Nullable String told,
            @Nullable String urgency) {}

    /**
     * First what was withdrawn after it was accepted, while its case is open; then what waits, by its clock; then what is answered
     * or over, the latest first. Where there is not room for all, neither of the first two hides the other.
     */
    public Uni<List<Line>> list(int limit) {
        return pool.preparedQuery("select a.*, (select o.given_up from exchange_out o"
                        + " where o.hand_over_id = a.hand_over_id and o.kind = 'answer') as given_up from ("
                        + "select * from ("
                        + "(select w.*, 0 as part, row_number() over (order by w.withdrawn_at, w.hand_over_id) as place"
                        + " from arrival w where " + TAKEN_BACK + " order by place limit $1) union all"
                        + " (select w.*, 1, row_number() over (order by remind_at, hand_over_id) as place"
                        + " from arrival w where state = 'waiting' and until_at > clock_timestamp()"
                        + " order by place limit $1) union all"
                        + " (select w.*, 2, row_number() over (order by arrived_at desc, hand_over_id) as place"
                        + " from arrival w where (state <> 'waiting' or until_at <= clock_timestamp())"
                        + " and not coalesce(" + TAKEN_BACK + ", false)"
                        + " order by place limit $1)) every order by part = 2, place, part desc limit $1) a"
                        + " order by a.part, a.place")
                .execute(Tuple.of(limit))
                .map(rows -> {
                    List<Line> lines = new ArrayList<>();
                    rows.forEach(row -> lines.add(new Line(
                            new HandOverId(row.getUUID("hand_over_id")),
                            row.getString("country"),
                            row.getString("state"),
                            instant(row.getOffsetDateTime("arrived_at")),
                            instant(row.getOffsetDateTime("until_at")),
                            row.getString("case_code"),
                            row.getString("given_up"),
                            row.getOffsetDateTime("withdrawn_at") == null
                                    ? null
                                    : instant(row.getOffsetDateTime("withdrawn_at")),
                            step(row))));
                    return lines;
                });
    }

    private static @Nullable Step step(Row row) {
        return row.getString("state").equals("waiting")
                ? new Step(
                        "answer",
                        instant(row.getOffsetDateTime("step_at")),
                        row.getString("told"),
                        row.getString("urgency"))
                : null;
    }

    public Uni<Void> keep(SqlConnection tx, HandOverId id, String file, Instant until) {
        return tx.preparedQuery("insert into arrival_file (hand_over_id, file, until_at) values ($1, $2, $3)")
                .execute(Tuple.of(id.value(), file, until.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Empty once it is answered, or its time is over. */
    public Uni<Optional<String>> file(HandOverId id) {
        return pool.preparedQuery(
                        "select file from arrival_file where hand_over_id = $1 and until_at > clock_timestamp()")
                .execute(Tuple.of(id.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getString("file")));
    }

    private static Instant instant(OffsetDateTime moment) {
        return moment.toInstant();
    }
}
