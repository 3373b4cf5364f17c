package org.passerelle.identification.retaining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.testkit.Seeded;

class RetentionPolicyTest {

    private static final RetentionPolicy TEN_YEARS = new RetentionPolicy(Period.ofYears(10), "Loi n° 1/28");

    @Test
    void endsAfterItsPeriodByTheCalendar() {
        Instant closed = Instant.parse("2024-02-29T23:59:59Z");
        assertThat(TEN_YEARS.endsOn(closed)).isEqualTo(LocalDate.parse("2034-02-28"));
        assertThat(TEN_YEARS.over(closed, LocalDate.parse("2034-02-27"))).isFalse();
        assertThat(TEN_YEARS.over(closed, LocalDate.parse("2034-02-28"))).isTrue();
    }

    @Test
    void aPeriodWithoutATextIsNone() {
        assertThatThrownBy(() -> new RetentionPolicy(Period.ofYears(10), " "))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetentionPolicy(Period.ZERO, "Loi")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoseTimeIsOverWasClosedBeforeWhatIsKept() {
        Seeded.check(1_000, random -> {
            RetentionPolicy policy = new RetentionPolicy(
                    Period.of(random.nextInt(3), random.nextInt(24), 1 + random.nextInt(40)), "Loi");
            LocalDate today = LocalDate.parse("2026-01-01").plusDays(random.nextInt(2_000));
            Instant closed = today.minus(policy.afterClosing())
                    .plusDays(random.nextInt(11) - 5L)
                    .atTime(random.nextInt(24), 0)
                    .toInstant(ZoneOffset.UTC);
            if (policy.over(closed, today)) {
                assertThat(closed).isBefore(policy.keptSince(today));
            }
        });
    }
}
