package org.passerelle.referral.referring;

import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;

/**
 * What every event of a referral says of it, so that each can be told to others by itself: whom it concerns can be read
 * from the event alone.
 */
public record About(
        ReferralId referral, CaseCode caseCode, OrganisationId requestedBy, ServiceType service, PlaceCode place) {}
