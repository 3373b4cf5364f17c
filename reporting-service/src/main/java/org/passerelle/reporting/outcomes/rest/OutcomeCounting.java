package org.passerelle.reporting.outcomes.rest;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Arrays;
import org.hibernate.reactive.mutiny.Mutiny;
import org.passerelle.reporting.ReportingSettings;
import org.passerelle.reporting.funnel.FunnelQuestion;
import org.passerelle.reporting.outcomes.Outcomes;
import org.passerelle.reporting.outcomes.Register;

/** Counts the steps that were told. */
@ApplicationScoped
public class OutcomeCounting {
    private static final String COUNTS = """
            with told as (
                select distinct register, subject, step,
                       to_char(told_at at time zone cast(:zone as text), 'YYYY-MM') as month
                from outcome_step),
            numbered as (
                select told.*, row_number() over (partition by register, subject, step order by month) as nth from told)
            select month, register, case when nth = 1 then step else '%s' end, count(*)
            from numbered
            where month between :from and :to and (nth = 1 or register = 'investigations' and step = 'opened')
            group by 1, 2, 3
            """.formatted(Register.CONTINUED);

    private final Mutiny.SessionFactory sessions;
    private final ZoneId zone;

    @Inject
    OutcomeCounting(Mutiny.SessionFactory sessions, ReportingSettings settings) {
        this.sessions = sessions;
        this.zone = settings.timeZone();
    }

    /** The month that it is now, where the readers are. */
    public YearMonth thisMonth() {
        return YearMonth.now(zone);
    }

    /** @param question its place is not asked: no event tells one */
    public Uni<Outcomes> count(FunnelQuestion question) {
        return sessions.withSession(session -> session.createNativeQuery(COUNTS, Object[].class)
                        .setParameter("zone", zone.getId())
                        .setParameter("from", question.from().toString())
                        .setParameter("to", question.to().toString())
                        .getResultList())
                .map(rows -> Outcomes.of(
                        question,
                        zone.getId(),
                        rows.stream().map(OutcomeCounting::told).toList()));
    }

    private static Outcomes.Told told(Object[] row) {
        Register register = Arrays.stream(Register.values())
                .filter(one -> one.code().equals(row[1]))
                .findFirst()
                .orElseThrow();
        return new Outcomes.Told(
                YearMonth.parse((String) row[0]), register, (String) row[2], ((Number) row[3]).longValue());
    }
}
