package org.passerelle.identification.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.identification.casefile.CaseEvent.ScreeningRecorded;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.Consents;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.presuming.Presumption;
import org.passerelle.identification.providing.Provision;
import org.passerelle.identification.screening.Answer;
import org.passerelle.identification.screening.Assessment.AgeBasis;
import org.passerelle.identification.screening.Label;
import org.passerelle.identification.screening.ScreeningId;
import org.passerelle.identification.screening.UrgentRisk;
import org.passerelle.identification.screening.rest.OutcomeView;

/**
 * A case as one reader may see it; what they may not see is left out.
 *
 * @param state {@code open} or {@code closed}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CaseView(
        CaseCode caseCode,
        String state,
        long version,
        OrganisationId ownerOrganisation,
        List<NeedLine> needs,
        @JsonUnwrapped @Nullable Details details) {

    /**
     * A need, its clock, and who is asked or gives a service for it.
     *
     * @param pack the version of the country pack that set the clock
     * @param reportedUnder the text of law that has the person reported to the police without their consent
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NeedLine(
            NeedId needId,
            ServiceType service,
            Urgency urgency,
            Place place,
            Instant statedAt,
            Instant dueAt,
            @Nullable String pack,
            @Nullable String reportedUnder,
            Need.@Nullable Settlement settled,
            List<ProviderLine> providers) {}

    /** An organisation's relation to a need. */
    public record ProviderLine(OrganisationId organisation, Provision.Standing standing) {}

    /**
     * What only the owner reads.
     *
     * @param age in whole years now; left out where unknown
     * @param child whether the person is treated as a child
     * @param masked what there is to reveal; left out where nothing is masked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Details(
            Instant recordedAt,
            Found found,
            Person person,
            @Nullable Integer age,
            boolean child,
            Answer immediateDanger,
            @Nullable String account,
            Collection<UrgentRisk> urgentRisks,
            List<ConsentLine> consents,
            List<ScreeningLine> screenings,
            List<Presumption> presumptions,
            @Nullable ClosingReason closingReason,
            @Nullable Instant closedAt,
            @Nullable List<Sensitive> masked) {

        private Details masking(List<Sensitive> known) {
            return new Details(
                    recordedAt,
                    new Found(found.at(), found.place(), null, found.how()),
                    new Person(
                            null,
                            null,
                            person.birthDate(),
                            person.age(),
                            person.sex(),
                            null,
                            null,
                            person.citizenships(),
                            person.languages()),
                    age,
                    child,
                    immediateDanger,
                    null,
                    urgentRisks,
                    consents,
                    screenings,
                    presumptions,
                    closingReason,
                    closedAt,
                    known);
        }
    }

    /** Without names, contacts, the exact place and what was told, for a screen that others can see. */
    CaseView masked(CaseFile file) {
        List<Sensitive> known = Arrays.stream(Sensitive.values())
                .filter(one -> one.known(facts(file)))
                .toList();
        return new CaseView(
                caseCode, state, version, ownerOrganisation, needs, details == null ? null : details.masking(known));
    }

    /** @param live whether it counts now */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConsentLine(
            Consent consent, boolean live, @Nullable Instant withdrawnAt) {}

    /** @param answers left out, with every outcome but "indicated", for authorities */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ScreeningLine(
            ScreeningId screeningId,
            Instant screenedAt,
            String instrument,
            int instrumentVersion,
            @Nullable Boolean child,
            @Nullable AgeBasis ageBasis,
            @Nullable Map<String, Answer> answers,
            Map<Label, OutcomeView> outcomes,
            List<UrgentRisk> urgentRisks) {}

    /** For coordinators: codes, needs and clocks, no identity. */
    static CaseView codes(CaseCode code, CaseFile file, long version) {
        return of(code, file, version, null);
    }

    /**
     * For the owner.
     *
     * @param authority the reader is police or immigration: "not indicated" is hidden, and all it could be worked out from
     */
    static CaseView whole(CaseCode code, CaseFile file, long version, Reader reader, boolean authority) {
        Facts facts = facts(file);
        CaseFile.Closed closed = file instanceof CaseFile.Closed ended ? ended : null;
        return of(
                code,
                file,
                version,
                new Details(
                        facts.detection().recordedAt(),
                        facts.detection().found(),
                        facts.detection().person(),
                        facts.ageAt(reader.now()),
                        facts.treatedAsChildAt(reader.now()),
                        facts.detection().immediateDanger(),
                        facts.detection().account(),
                        facts.urgentRisks(),
                        facts.consents().all().stream()
                                .map(standing -> consent(standing, reader.now()))
                                .toList(),
                        facts.screenings().stream()
                                .map(screening -> screening(screening, reader, authority))
                                .toList(),
                        facts.presumptions(),
                        closed == null || authority ? null : closed.reason(),
                        closed == null ? null : closed.closedAt(),
                        null));
    }

    private static CaseView of(CaseCode code, CaseFile file, long version, @Nullable Details details) {
        Facts facts = facts(file);
        return new CaseView(
                code,
                file instanceof CaseFile.Closed ? "closed" : "open",
                version,
                facts.detection().owner(),
                facts.needs().stream().map(need -> need(need, facts)).toList(),
                details);
    }

    private static NeedLine need(Need need, Facts facts) {
        return new NeedLine(
                need.id(),
                need.service(),
                need.urgency(),
                need.place(),
                need.statedAt(),
                need.dueAt(),
                need.pack(),
                need.reportedUnder(),
                need.settled(),
                facts.provisions().all().stream()
                        .filter(one -> one.need().equals(need.id()))
                        .map(one -> new ProviderLine(one.organisation(), one.standing()))
                        .toList());
    }

    private static ConsentLine consent(Consents.Standing standing, Instant now) {
        return new ConsentLine(standing.consent(), standing.liveAt(now), standing.withdrawnAt());
    }

    private static ScreeningLine screening(ScreeningRecorded screening, Reader reader, boolean authority) {
        return new ScreeningLine(
                screening.screeningId(),
                screening.screenedAt(),
                screening.instrument(),
                screening.instrumentVersion(),
                authority ? null : screening.assessment().child(),
                authority ? null : screening.assessment().ageBasis(),
                authority ? null : screening.answers(),
                OutcomeView.of(
                        screening.assessment(),
                        reader.instruments().find(screening.instrument(), screening.instrumentVersion()),
                        reader.language(),
                        authority),
                screening.assessment().urgentRisks());
    }

    public static Facts facts(CaseFile file) {
        return switch (file) {
            case CaseFile.Unrecorded unrecorded -> throw Access.unknown();
            case CaseFile.Open open -> open.facts();
            case CaseFile.Closed closed -> closed.facts();
        };
    }
}
