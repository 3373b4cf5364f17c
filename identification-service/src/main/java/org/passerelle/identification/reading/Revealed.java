package org.passerelle.identification.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Phone;
import org.passerelle.identification.detecting.Person;

/** What was asked for of what a masked case leaves out; what is not known is left out here too. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Revealed(
        CaseCode caseCode,
        @Nullable String givenName,
        @Nullable String familyName,
        @Nullable Phone phone,
        @Nullable String address,
        @Nullable String exactPlace,
        @Nullable String account) {

    static Revealed of(CaseCode code, CaseFile file, Set<Sensitive> wanted) {
        Facts facts = CaseView.facts(file);
        Person person = facts.detection().person();
        boolean names = wanted.contains(Sensitive.NAMES);
        boolean contacts = wanted.contains(Sensitive.CONTACTS);
        return new Revealed(
                code,
                names ? person.givenName() : null,
                names ? person.familyName() : null,
                contacts ? person.phone() : null,
                contacts ? person.address() : null,
                wanted.contains(Sensitive.PLACE) ? facts.detection().found().exactPlace() : null,
                wanted.contains(Sensitive.STORY) ? facts.detection().account() : null);
    }
}
