package org.passerelle.identification.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseDecider;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.consenting.Scope;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.erasing.Erasure;
import org.passerelle.identification.erasing.ErasureReason;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.screening.Answer;

class SliceTest {

    private static final CaseCode CODE = CaseCode.parse("4829-1370-6153");
    private static final OrganisationId POLICE = new OrganisationId(new UUID(1, 2));
    private static final NeedId REPORTED = new NeedId(new UUID(7, 1));
    private static final NeedId OTHER = new NeedId(new UUID(7, 2));
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    private final CaseDecider decider = new CaseDecider();

    @Test
    void withoutConsentPoliceReadWhatTheLawHasReportedAndNoMore() {
        Slice slice = Slice.agreed(CODE, file(), POLICE, NOW);
        assertThat(slice.needs()).extracting(Slice.SliceNeed::needId).containsExactly(REPORTED);
    }

    @Test
    void whatIsWithheldFromThemTheyDoNotRead() {
        CaseFile fromThem =
                withheld(new Consent.Recipients(true, Set.of()), new Consent.WithheldFrom(false, Set.of(POLICE)));
        assertThatThrownBy(() -> Slice.agreed(CODE, fromThem, POLICE, NOW)).isInstanceOf(Refusal.class);
        CaseFile fromAll = withheld(new Consent.Recipients(false, Set.of()), new Consent.WithheldFrom(true, Set.of()));
        assertThatThrownBy(() -> Slice.agreed(CODE, fromAll, POLICE, NOW)).isInstanceOf(Refusal.class);
    }

    @Test
    void whileAuthoritiesAreToKnowNothingAFormIsForNobodyWhoMayBeOne() {
        OrganisationId shelter = new OrganisationId(new UUID(1, 3));
        NeedId bed = new NeedId(new UUID(7, 3));
        CaseFile open = decider.fold(
                withheld(new Consent.Recipients(true, Set.of()), new Consent.WithheldFrom(false, Set.of())),
                List.of(stated(bed, ServiceType.SAFE_SHELTER, null)));
        assertThat(Slice.forReceiver(CODE, open, POLICE, NOW).needs()).hasSize(2);
        CaseFile closed = decider.fold(
                withheld(new Consent.Recipients(true, Set.of()), new Consent.WithheldFrom(true, Set.of())),
                List.of(stated(bed, ServiceType.SAFE_SHELTER, null)));
        assertThatThrownBy(() -> Slice.forReceiver(CODE, closed, POLICE, NOW)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> Slice.forReceiver(CODE, closed, shelter, NOW)).isInstanceOf(Refusal.class);
        CaseFile asked = decider.fold(closed, List.of(new CaseEvent.ProviderOffered(bed, shelter, NOW)));
        assertThat(Slice.forReceiver(CODE, asked, shelter, NOW).needs()).hasSize(1);
    }

    @Test
    void ofSomebodyWhoIsErasedNobodyReadsAnything() {
        CaseFile agreed = withheld(new Consent.Recipients(true, Set.of()), new Consent.WithheldFrom(false, Set.of()));
        assertThat(Slice.agreed(CODE, agreed, POLICE, NOW).needs()).hasSize(2);
        CaseFile erased = decider.fold(
                agreed,
                List.of(new CaseEvent.PersonErased(new Erasure.Done(
                        new Erasure.Request(ErasureReason.PERSON_REQUEST, "Loi inventée", "issuer head", NOW),
                        "issuer other",
                        NOW,
                        LocalDate.of(2026, 12, 1)))));
        assertThatThrownBy(() -> Slice.agreed(CODE, erased, POLICE, NOW)).isInstanceOf(Refusal.class);
    }

    private CaseFile withheld(Consent.Recipients recipients, Consent.WithheldFrom from) {
        return decider.fold(
                file(),
                List.of(new CaseEvent.ConsentRecorded(new Consent(
                        new ConsentId(new UUID(8, 1)),
                        Set.of(Scope.SERVICES),
                        recipients,
                        from,
                        null,
                        Consent.ObtainedFrom.GUARDIAN,
                        new Language("run"),
                        NOW))));
    }

    @Test
    void whereNoTextHasThePersonReportedConsentDecides() {
        CaseFile file = decider.fold(
                detected(), List.of(stated(OTHER, null), new CaseEvent.ProviderEngaged(OTHER, POLICE, NOW)));
        assertThatThrownBy(() -> Slice.agreed(CODE, file, POLICE, NOW)).isInstanceOf(Refusal.class);
    }

    private CaseFile file() {
        return decider.fold(
                detected(),
                List.of(
                        stated(REPORTED, "Loi inventée (2027-01-01)"),
                        stated(OTHER, null),
                        new CaseEvent.ProviderEngaged(REPORTED, POLICE, NOW),
                        new CaseEvent.ProviderEngaged(OTHER, POLICE, NOW)));
    }

    private CaseFile detected() {
        return decider.evolve(
                decider.initial(),
                new CaseEvent.DetectionRecorded(
                        CODE,
                        new OrganisationId(new UUID(1, 1)),
                        new Found(NOW, Place.of("EC-P"), null, Found.How.NGO),
                        new Person(
                                "Inventada",
                                null,
                                null,
                                12,
                                Sex.FEMININE,
                                null,
                                null,
                                List.of(new Country("EC")),
                                List.of(new Language("spa"))),
                        Answer.NO,
                        null,
                        NOW));
    }

    private static CaseEvent.NeedStated stated(NeedId id, @Nullable String reportedUnder) {
        return stated(id, ServiceType.POLICE, reportedUnder);
    }

    private static CaseEvent.NeedStated stated(NeedId id, ServiceType service, @Nullable String reportedUnder) {
        return new CaseEvent.NeedStated(
                new Need(
                        id,
                        service,
                        Urgency.NORMAL,
                        Place.of("EC-P"),
                        NOW,
                        NOW.plus(Duration.ofDays(14)),
                        "EC 2026-11-1",
                        reportedUnder,
                        null,
                        null),
                new OrganisationId(new UUID(1, 1)),
                12,
                true,
                Sex.FEMININE,
                null,
                null,
                null);
    }
}
