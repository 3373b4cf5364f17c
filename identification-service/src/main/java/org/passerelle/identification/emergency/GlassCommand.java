package org.passerelle.identification.emergency;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;

/** What can be asked of the glasses of one account. */
public sealed interface GlassCommand {

    /** @param breaking with time, id and the owner of the case */
    record BreakGlass(GlassBroken breaking) implements GlassCommand {}

    /**
     * @param by           the account that reviews
     * @param organisation for which it reviews; null for an account of none
     * @param authority    whether what is withheld from authorities is withheld from whoever reviews
     */
    record ReviewGlass(
            GlassId glassId,
            Finding finding,
            @Nullable String text,
            String by,
            @Nullable OrganisationId organisation,
            boolean authority,
            Instant now)
            implements GlassCommand {}
}
