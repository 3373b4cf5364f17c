package org.passerelle.identification.caselist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.Rebuild;
import org.passerelle.eventsourcing.Sequencer;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.casefile.Histories;
import org.passerelle.identification.codes.CaseCode;

/** The list that case workers look at is made anew while they go on working. */
class RebuildingTheCaseListTest {

    private static final List<NewEvent> ROAD = Histories.everything().stream()
            .map(stored -> new NewEvent(stored.type(), stored.schemaVersion(), stored.data()))
            .toList();

    private final AtomicLong cases = new AtomicLong(1_000_000_000);

    /** A new case, some steps at a time. */
    private void walk(TestStore db) {
        CaseCode code = CaseCode.numbered(cases.incrementAndGet());
        for (int from = 0; from < ROAD.size(); from += 5) {
            db.store
                    .append(new Append(
                            List.of(new StreamAppend(
                                    CaseStream.of(code),
                                    ExpectedVersion.exactly(from),
                                    ROAD.subList(from, Math.min(ROAD.size(), from + 5)),
                                    List.of())),
                            Metadata.system("test"),
                            null))
                    .await()
                    .indefinitely();
        }
    }

    private static long number(TestStore db, String sql) {
        return db.number("select count(*) from " + sql);
    }

    @Test
    void theCaseListIsMadeAnewWhileCasesAreOpenedAndRead() throws Exception {
        CaseListProjection caseList = new CaseListProjection();
        TestStore db = new TestStore(caseList);
        try (db) {
            try (InputStream sql = CaseListProjection.class.getResourceAsStream("/db/migration/V100__case_list.sql")) {
                db.query(new String(Objects.requireNonNull(sql).readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            for (int i = 0; i < 50; i++) {
                walk(db);
            }
            Loop sequencer = Loop.start("sequencer", Duration.ofMillis(5), new Sequencer(db.pool));
            AtomicBoolean working = new AtomicBoolean(true);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> workers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    workers.add(threads.submit(() -> {
                        while (working.get()) {
                            walk(db);
                        }
                    }));
                }
                workers.add(threads.submit(() -> {
                    long before = 0;
                    while (working.get()) {
                        long now = number(db, "case_list");
                        assertThat(now).isGreaterThanOrEqualTo(Math.max(50, before));
                        before = now;
                    }
                }));
                Rebuild rebuild = new Rebuild(db.pool, caseList);
                rebuild.begin().await().indefinitely();
                Rebuild.State ended = rebuild.run(false);
                working.set(false);
                for (Future<?> worker : workers) {
                    worker.get();
                }
                assertThat(ended)
                        .as("%s", Rebuild.progress(db.pool, "case_list").await().indefinitely())
                        .isEqualTo(Rebuild.State.SWAPPED);
            } finally {
                sequencer.close();
            }
            walk(db);
            long all = cases.get() - 1_000_000_000;
            assertThat(number(db, "case_list where state = 'closed' and version = " + ROAD.size()))
                    .isEqualTo(all);
            assertThat(number(db, "former_case_list.case_list")).isBetween(50L, all - 1);
            assertThat(
                            number(
                                    db,
                                    "(select case_code from case_need except select case_code from case_list"
                                            + " union all select case_code from case_list except select case_code from case_provider) x"))
                    .isZero();
        }
    }
}
