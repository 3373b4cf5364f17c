package org.passerelle.referral.referring;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.Candidate;

/** Those who are asked in a simulated {@link Quarter}: they answer at once, late or never, go on holiday and lose people. */
final class QuarterProviders {

    private static final int ACCOUNTS = 3;

    /** @param punctual how many of ten offers are answered in time; {@code declines} of ten of these with a no */
    private record Provider(int units, int punctual, int declines) {}

    private final Quarter quarter;
    private final Random random;
    private final Map<ServiceId, Provider> providers = new HashMap<>();
    private final Map<OrganisationId, Instant[]> holidays = new HashMap<>();
    private final Set<String> gone = new HashSet<>();

    QuarterProviders(Quarter quarter, Random random) {
        this.quarter = quarter;
        this.random = random;
    }

    void comes(Candidate service, int mostUnits) {
        providers.put(
                service.service(),
                new Provider(1 + random.nextInt(mostUnits), 4 + random.nextInt(7), random.nextInt(4)));
    }

    void takesLeave(OrganisationId organisation) {
        Instant away = quarter.sometime();
        holidays.put(organisation, new Instant[] {away, away.plus(Duration.ofDays(5 + random.nextInt(15)))});
        quarter.at(quarter.sometime(), () -> leaves(organisation));
    }

    int units(ServiceId service) {
        return provider(service).units();
    }

    private Provider provider(ServiceId service) {
        return Objects.requireNonNull(providers.get(service));
    }

    /** The accounts of those who act for nobody any more. */
    Set<String> gone() {
        return gone;
    }

    void returned(Life life, String claimant) {
        quarter.count("claims returned because somebody left");
        OrganisationId of = OrganisationId.of(claimant.split(" ")[0]);
        quarter.tell(
                life,
                new ReferralCommand.ReturnClaim(claimant, ClaimReason.CLAIMANT_LEFT, of, Party.SYSTEM, quarter.now()));
    }

    private void leaves(OrganisationId provider) {
        String account = provider + " 0";
        gone.add(account);
        quarter.lives().stream()
                .filter(life -> !(life.state instanceof Referral.Unrequested)
                        && account.equals(Referral.course(life.state).claimant()))
                .toList()
                .forEach(life -> returned(life, account));
    }

    /** Of an organisation that is suspended nobody gets anywhere. */
    private void tell(Life life, OrganisationId organisation, ReferralCommand command) {
        if (!quarter.isSuspended(organisation)) {
            quarter.tell(life, command);
        }
    }

    void answer(Life life, ServiceOffered offered) {
        Provider provider = provider(offered.service());
        Instant[] holiday = Objects.requireNonNull(holidays.get(offered.organisation()));
        Instant now = quarter.now();
        boolean away = now.isAfter(holiday[0]) && now.isBefore(holiday[1]);
        Duration time = Duration.between(now, offered.answerBy());
        boolean punctual = !away && random.nextInt(10) < provider.punctual();
        Duration when = punctual
                ? time.multipliedBy(random.nextInt(95)).dividedBy(100)
                : time.multipliedBy(105 + random.nextInt(400)).dividedBy(100);
        if (!punctual && random.nextInt(3) > 0) {
            return; // never answers
        }
        String account = offered.organisation() + " " + random.nextInt(ACCOUNTS);
        if (!gone.contains(account)) {
            quarter.in(when.dividedBy(2), () -> {
                if (!gone.contains(account)) {
                    tell(
                            life,
                            offered.organisation(),
                            new ReferralCommand.AcknowledgeOffer(offered.offer(), quarter.now()));
                    tell(
                            life,
                            offered.organisation(),
                            new ReferralCommand.ClaimReferral(
                                    account, ClaimReason.CLAIMED, account, offered.organisation(), quarter.now()));
                }
            });
        }
        boolean no = random.nextInt(10) < provider.declines();
        quarter.in(when, () -> tell(life, offered.organisation(), answer(life, offered, no)));
    }

    private ReferralCommand answer(Life life, ServiceOffered offered, boolean no) {
        return no
                ? new ReferralCommand.DeclineOffer(
                        offered.offer(), DeclineReason.OTHER, null, quarter.around(life), quarter.now())
                : new ReferralCommand.AcceptOffer(offered.offer(), null, quarter.around(life), quarter.now());
    }

    void serve(Life life, OrganisationId provider) {
        Duration until = Duration.ofHours(1 + random.nextInt(24 * 6));
        if (random.nextInt(8) == 0) {
            quarter.in(until.dividedBy(2), () -> pause(life, provider, until.dividedBy(4)));
        }
        if (random.nextInt(10) > 0) {
            quarter.in(
                    until, () -> tell(life, provider, new ReferralCommand.BeginService(Party.RECEIVER, quarter.now())));
        }
        if (random.nextInt(4) == 0) {
            quarter.in(until.multipliedBy(2), () -> pause(life, provider, Duration.ofDays(random.nextInt(20))));
        }
        if (random.nextInt(12) == 0) {
            quarter.in(
                    until.multipliedBy(3),
                    () -> tell(
                            life,
                            provider,
                            new ReferralCommand.TransferReferral(
                                    TransferReason.NO_LONGER_ABLE,
                                    null,
                                    quarter.around(life),
                                    Party.RECEIVER,
                                    quarter.now())));
        }
        if (random.nextInt(10) > 0) {
            quarter.in(
                    until.plus(Duration.ofDays(2 + random.nextInt(30))),
                    () -> tell(
                            life,
                            provider,
                            new ReferralCommand.CompleteReferral(
                                    random.nextInt(8) == 0 ? Outcome.COULD_NOT_GET_HELP : Outcome.GOT_HELP,
                                    null,
                                    quarter.now())));
        }
    }

    private void pause(Life life, OrganisationId provider, Duration time) {
        tell(life, provider, new ReferralCommand.HoldReferral(PauseReason.OTHER, null, Party.RECEIVER, quarter.now()));
        quarter.in(time, () -> quarter.tell(life, new ReferralCommand.ResumeReferral(Party.REQUESTER, quarter.now())));
    }
}
