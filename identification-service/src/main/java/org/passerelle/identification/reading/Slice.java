package org.passerelle.identification.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Phone;
import org.passerelle.identification.consenting.Consent.WithheldFrom;
import org.passerelle.identification.consenting.Scope;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;

/**
 * What a provider needs in order to receive the person, and not more: no account, no place where they were found, no
 * screening, no other provider.
 *
 * @param age in whole years now
 * @param needs only those this provider gives a service for
 * @param masked what there is to reveal; left out where nothing is masked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Slice(
        CaseCode caseCode,
        @Nullable String givenName,
        @Nullable String familyName,
        @Nullable LocalDate birthDate,
        @Nullable Integer age,
        boolean child,
        Sex sex,
        @Nullable Phone phone,
        List<Language> languages,
        List<SliceNeed> needs,
        @Nullable List<Sensitive> masked) {

    /** A need this provider answers. */
    public record SliceNeed(NeedId needId, ServiceType service, Urgency urgency, Instant dueAt) {}

    /**
     * The slice for an organisation that is providing now, under a consent that is alive now; or, of needs that the law
     * has reported to the police, without one. What is withheld from the organisation, or there from authorities, stays so.
     *
     * @throws Refusal the same as for a case that does not exist
     */
    public static Slice agreed(CaseCode code, CaseFile file, OrganisationId provider, Instant now) {
        return agreed(code, file, provider, any -> true, now);
    }

    /** The same of some needs only. */
    public static Slice agreed(
            CaseCode code, CaseFile file, OrganisationId provider, Predicate<NeedId> among, Instant now) {
        Facts facts = CaseView.facts(file);
        if (facts.erasure().done() != null) {
            throw Access.unknown();
        }
        boolean agreed = facts.consents().permit(Scope.SERVICES, provider, now);
        WithheldFrom withheld = facts.consents().withheld();
        boolean reportable =
                !withheld.authorities() && !withheld.organisations().contains(provider);
        List<NeedId> ours = facts.provisions().providedBy(provider);
        List<Need> provided = facts.needs().stream()
                .filter(need -> ours.contains(need.id()) && among.test(need.id()))
                .filter(need -> agreed || reportable && need.reportedUnder() != null)
                .toList();
        if (provided.isEmpty()) {
            throw Access.unknown();
        }
        return of(code, facts, provided::contains, now);
    }

    /**
     * What an organisation that is asked would read once it gives a service: of the needs those that it is offered or
     * answers, or all that are unmet where it is not asked yet.
     *
     * <p>Which organisations are authorities is known to routing, not here: while the case is withheld from authorities only
     * one that routing asked, about something else than the police, is known to be none.
     *
     * @throws Refusal where no live consent lets it be told anything, or it may be an authority that is to know nothing
     */
    public static Slice forReceiver(CaseCode code, CaseFile file, OrganisationId receiver, Instant now) {
        Facts facts = CaseView.facts(file);
        if (!facts.consents().permit(Scope.SERVICES, receiver, now)) {
            throw Refusal.of("form-without-consent").field("to").conflict();
        }
        List<Need> asks = facts.needs().stream()
                .filter(need -> facts.provisions().current(need.id()).stream()
                        .anyMatch(one -> one.organisation().equals(receiver)))
                .toList();
        if (facts.consents().withheld().authorities()
                && (asks.isEmpty() || asks.stream().anyMatch(need -> need.service() == ServiceType.POLICE))) {
            throw Refusal.of("form-withheld-from-authorities").field("to").conflict();
        }
        Set<NeedId> asked = asks.stream().map(Need::id).collect(Collectors.toSet());
        return of(code, facts, need -> asked.isEmpty() ? need.unmet() : asked.contains(need.id()), now);
    }

    private static Slice of(CaseCode code, Facts facts, Predicate<Need> told, Instant now) {
        Person person = facts.detection().person();
        return new Slice(
                code,
                person.givenName(),
                person.familyName(),
                person.birthDate(),
                facts.ageAt(now),
                facts.treatedAsChildAt(now),
                person.sex(),
                person.phone(),
                person.languages(),
                facts.needs().stream()
                        .filter(told)
                        .map(need -> new SliceNeed(need.id(), need.service(), need.urgency(), need.dueAt()))
                        .toList(),
                null);
    }

    /** The same for a screen that others can see. */
    Slice withoutNames() {
        return new Slice(caseCode, null, null, birthDate, age, child, sex, null, languages, needs, sensitive());
    }

    /** What of it {@link #withoutNames} leaves out. */
    public List<Sensitive> sensitive() {
        List<Sensitive> known = new ArrayList<>();
        if (givenName != null || familyName != null) {
            known.add(Sensitive.NAMES);
        }
        if (phone != null) {
            known.add(Sensitive.CONTACTS);
        }
        return known;
    }
}
