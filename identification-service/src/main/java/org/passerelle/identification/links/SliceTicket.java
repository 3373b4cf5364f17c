package org.passerelle.identification.links;

import java.time.Instant;
import java.util.UUID;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.needs.NeedId;

/**
 * What referral-service says, by its signature, of somebody who has just opened a link.
 *
 * @param id        good for one look, and for one that reveals
 * @param need      that the organisation behind the link accepted
 * @param authority whether it may be one, from whom the person may withhold everything
 */
public record SliceTicket(
        UUID id,
        UUID link,
        OrganisationId organisation,
        CaseCode caseCode,
        NeedId need,
        boolean authority,
        Instant until) {}
