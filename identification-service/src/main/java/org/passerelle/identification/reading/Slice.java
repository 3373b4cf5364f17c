package org.passerelle.identification.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Phone;
import org.passerelle.identification.consenting.Scope;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;

/**
 * What a provider needs in order to receive the person, and not more: no account, no place where they were found, no
 * screening, no other provider.
 *
 * @param age in whole years now
 * @param needs only those this provider gives a service for
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
        List<SliceNeed> needs) {

    /** A need this provider answers. */
    public record SliceNeed(NeedId needId, ServiceType service, Urgency urgency, Instant dueAt) {}

    /**
     * The slice for an organisation that is providing now, under a consent that is alive now.
     *
     * @throws org.passerelle.eventsourcing.Refusal the same as for a case that does not exist
     */
    static Slice agreed(CaseCode code, CaseFile file, OrganisationId provider, Instant now) {
        Facts facts = CaseView.facts(file);
        List<NeedId> provided = facts.provisions().providedBy(provider);
        if (provided.isEmpty() || !facts.consents().permit(Scope.SERVICES, provider, now)) {
            throw Access.unknown();
        }
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
                        .filter(need -> provided.contains(need.id()))
                        .map(need -> new SliceNeed(need.id(), need.service(), need.urgency(), need.dueAt()))
                        .toList());
    }
}
