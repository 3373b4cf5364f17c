package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void aMinutesWorthMayComeAtOnceAndThenOneAfterTheOther() {
        Bucket bucket = new Bucket(30, 0);
        for (int i = 0; i < 30; i++) {
            assertThat(bucket.take(0)).isZero();
        }
        assertThat(bucket.take(0)).isEqualTo(Duration.ofSeconds(2));
        assertThat(bucket.take(SECOND)).isEqualTo(Duration.ofSeconds(1));
        assertThat(bucket.take(2 * SECOND)).isZero();
        assertThat(bucket.take(2 * SECOND)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whoWasQuietIsForgotten() {
        Bucket bucket = new Bucket(30, 0);
        assertThat(bucket.take(0)).isZero();
        assertThat(bucket.full(SECOND)).isFalse();
        assertThat(bucket.full(2 * SECOND)).isTrue();
        assertThat(bucket.take(1_000 * SECOND)).isZero();
        assertThat(bucket.full(1_000 * SECOND)).isFalse();
    }
}
