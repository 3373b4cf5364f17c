package org.passerelle.referral.investigating;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceHandedOver;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceItem;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceReceived;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationEvent.PoliceSilent;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.NextStep.Told;

/** One event of each type. */
public final class EveryInvestigationEvent {

    static final Instant AT = Instant.parse("2026-11-20T13:00:00Z");
    static final OrganisationId POLICE = new OrganisationId(new UUID(0, 2));
    static final UUID LIST = new UUID(5, 1);
    static final About ABOUT = new About(
            new ReferralId(new UUID(7, 7)),
            new CaseCode("4829-1370-6158"),
            new OrganisationId(new UUID(0, 99)),
            ServiceType.POLICE,
            new PlaceCode("EC-P"));

    public static final List<InvestigationEvent> OF_EACH_TYPE = List.of(
            new JusticeReported(
                    ABOUT,
                    POLICE,
                    "EC 2026-11-1",
                    JusticeStep.DISCONTINUED,
                    InvestigationReason.INSUFFICIENT_EVIDENCE,
                    List.of(Exploitation.FORCED_LABOUR),
                    AT.plus(Duration.ofDays(14)),
                    AT),
            new EvidenceHandedOver(
                    ABOUT, POLICE, LIST, List.of(new EvidenceItem(EvidenceKind.MEDICAL_CERTIFICATE, 2)), AT),
            new EvidenceReceived(ABOUT, POLICE, LIST, AT),
            new PoliceSilent(ABOUT, POLICE, Told.SUPERVISOR, true, AT.plus(Duration.ofDays(7)), AT));

    private EveryInvestigationEvent() {}
}
