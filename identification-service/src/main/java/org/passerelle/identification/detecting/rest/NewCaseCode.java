package org.passerelle.identification.detecting.rest;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import org.passerelle.identification.caselist.CaseList;
import org.passerelle.identification.codes.CaseCode;

/**
 * Draws case codes. Random, so that a code says nothing of when or in which order people were found; a code that is
 * taken is drawn again, because with ten digits that will happen.
 */
@ApplicationScoped
public class NewCaseCode {

    private final SecureRandom random = new SecureRandom();

    @Inject
    CaseList cases;

    public Uni<CaseCode> draw() {
        return Uni.createFrom()
                .item(() -> CaseCode.numbered(random.nextLong(CaseCode.NUMBERS)))
                .chain(code -> cases.exists(code)
                        .chain(taken -> taken ? draw() : Uni.createFrom().item(code)));
    }
}
