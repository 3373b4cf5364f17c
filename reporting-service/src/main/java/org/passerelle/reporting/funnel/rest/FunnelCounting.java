package org.passerelle.reporting.funnel.rest;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.passerelle.reporting.ReportingSettings;
import org.passerelle.reporting.funnel.Counts;
import org.passerelle.reporting.funnel.Funnel;
import org.passerelle.reporting.funnel.FunnelQuestion;
import org.passerelle.reporting.funnel.Stage;

/** Counts the funnel from the cases' milestones. */
@ApplicationScoped
public class FunnelCounting {
    private static final String COUNTS = Arrays.stream(Stage.values())
            .map(stage -> "count(" + MilestoneRows.column(stage) + ")")
            .collect(Collectors.joining(", "));
    private static final String COHORTS = """
            select to_char(found_at at time zone cast(:zone as text), 'YYYY-MM') as month, place, %s
            from case_milestones
            where found_at >= :from and found_at < :to
              and (:everywhere or place = :place or (:prefix and starts_with(place, :place)))
            group by 1, 2 order by 1, 2
            """.formatted(COUNTS);

    private final Mutiny.SessionFactory sessions;
    private final ZoneId zone;

    @Inject
    FunnelCounting(Mutiny.SessionFactory sessions, ReportingSettings settings) {
        this.sessions = sessions;
        this.zone = settings.timeZone();
    }

    /** The month that it is now, where the readers are. */
    public YearMonth thisMonth() {
        return YearMonth.now(zone);
    }

    public Uni<Funnel> count(FunnelQuestion question) {
        String place = question.place() == null ? "" : question.place();
        return sessions.withSession(session -> session.createNativeQuery(COHORTS, Object[].class)
                        .setParameter("zone", zone.getId())
                        .setParameter("from", start(question.from()))
                        .setParameter("to", start(question.to().plusMonths(1)))
                        .setParameter("everywhere", place.isEmpty())
                        .setParameter("place", place)
                        // a country, or a p-code: what lies in it begins like it
                        .setParameter("prefix", place.matches("[A-Z]{2}[0-9]*"))
                        .getResultList())
                .map(rows -> Funnel.of(
                        question,
                        zone.getId(),
                        rows.stream().map(FunnelCounting::cohort).toList()));
    }

    /** Every place at which somebody was found, by code. */
    public Uni<List<String>> places() {
        return sessions.withSession(session -> session.createQuery(
                        "select distinct place from CaseMilestones where place is not null order by place",
                        String.class)
                .getResultList());
    }

    private OffsetDateTime start(YearMonth month) {
        return month.atDay(1).atStartOfDay(zone).toOffsetDateTime();
    }

    private static Funnel.Cohort cohort(Object[] row) {
        Map<Stage, Long> counts = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            counts.put(stage, ((Number) row[2 + stage.ordinal()]).longValue());
        }
        return new Funnel.Cohort(YearMonth.parse((String) row[0]), (String) row[1], new Counts(counts));
    }
}
