package org.passerelle.identification.emergency.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Phone;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.reading.CaseView;
import org.passerelle.identification.screening.UrgentRisk;

/**
 * What somebody needs who helps in an emergency. Who gives a service is not in it: that would tell where a shelter is.
 *
 * @param ownerOrganisation who keeps the case and should be called
 * @param age               in whole years now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmergencyView(
        CaseCode caseCode,
        OrganisationId ownerOrganisation,
        @Nullable String givenName,
        @Nullable String familyName,
        @Nullable LocalDate birthDate,
        @Nullable Integer age,
        boolean child,
        Sex sex,
        @Nullable Phone phone,
        List<Language> languages,
        Collection<UrgentRisk> urgentRisks,
        List<OpenNeed> openNeeds) {

    /** A need that still stands, also where nobody can meet it so far. */
    public record OpenNeed(NeedId needId, ServiceType service, Urgency urgency, Instant dueAt) {}

    static EmergencyView of(CaseCode code, CaseFile file, Instant now) {
        Facts facts = CaseView.facts(file);
        Person person = facts.detection().person();
        return new EmergencyView(
                code,
                facts.detection().owner(),
                person.givenName(),
                person.familyName(),
                person.birthDate(),
                facts.ageAt(now),
                facts.treatedAsChildAt(now),
                person.sex(),
                person.phone(),
                person.languages(),
                facts.urgentRisks(),
                facts.needs().stream()
                        .filter(Need::unmet)
                        .map(need -> new OpenNeed(need.id(), need.service(), need.urgency(), need.dueAt()))
                        .toList());
    }
}
