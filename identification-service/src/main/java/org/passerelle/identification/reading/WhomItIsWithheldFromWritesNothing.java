package org.passerelle.identification.reading;

import jakarta.enterprise.context.ApplicationScoped;
import org.passerelle.edge.Access;
import org.passerelle.edge.AskedAgain;
import org.passerelle.edge.Caller;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.consenting.Consent.WithheldFrom;

/** A person who withholds their case while somebody's command is under way is heard first. */
@ApplicationScoped
class WhomItIsWithheldFromWritesNothing implements AskedAgain {

    @Override
    public void ask(Object state, Caller caller) {
        if (state instanceof CaseFile file && !(file instanceof CaseFile.Unrecorded)) {
            WithheldFrom withheld = CaseView.facts(file).consents().withheld();
            if (withheld.authorities() && caller.authority()
                    || withheld.organisations().stream()
                            .anyMatch(organisation -> caller.belongsTo(organisation.toString()))) {
                throw Access.unknown();
            }
        }
    }
}
