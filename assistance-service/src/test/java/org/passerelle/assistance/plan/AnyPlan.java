package org.passerelle.assistance.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.plan.PlanCommand.AgreeService;
import org.passerelle.assistance.plan.PlanCommand.ClosePlan;
import org.passerelle.assistance.plan.PlanCommand.EndReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteCase;
import org.passerelle.assistance.plan.PlanCommand.NoteCaseClosed;
import org.passerelle.assistance.plan.PlanCommand.NoteFollowUpDue;
import org.passerelle.assistance.plan.PlanCommand.NoteOpenReferral;
import org.passerelle.assistance.plan.PlanCommand.NoteServiceGap;
import org.passerelle.assistance.plan.PlanCommand.RecordDelivery;
import org.passerelle.assistance.plan.PlanCommand.RecordFollowUp;
import org.passerelle.assistance.plan.PlanCommand.ScheduleFollowUp;
import org.passerelle.assistance.plan.PlanCommand.WithdrawService;

/** Commands at random over a few ids, so that they meet; the same seed gives the same life. */
final class AnyPlan {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final Random random;
    private Instant now = START;

    AnyPlan(long seed) {
        random = new Random(seed);
    }

    List<PlanCommand> commands(int count) {
        List<PlanCommand> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            now = now.plusSeconds(random.nextInt(100_000));
            commands.add(command());
        }
        return commands;
    }

    private PlanCommand command() {
        return switch (random.nextInt(14)) {
            case 0 -> new NoteCase(organisation());
            case 1 -> new NoteOpenReferral(referral());
            case 2 -> new NoteServiceGap(referral());
            case 3, 4 ->
                new AgreeService(
                        referral(),
                        new OfferId(id(4)),
                        service(),
                        organisation(),
                        organisation(),
                        now,
                        perhapsFollowUp());
            case 5 -> new WithdrawService(referral(), new OfferId(id(4)));
            case 6 -> new EndReferral(referral(), one(ServiceEndReason.values()));
            case 7, 8 ->
                new RecordDelivery(
                        new DeliveryId(id(50)),
                        referral(),
                        service(),
                        now.minusSeconds(5),
                        1 + random.nextInt(9),
                        note(),
                        now);
            case 9 -> new ScheduleFollowUp(followUp(), now);
            case 10 -> new NoteFollowUpDue(new FollowUpId(id(9)));
            case 11 ->
                new RecordFollowUp(new FollowUpId(id(9)), one(FollowUpOutcome.values()), note(), perhapsFollowUp());
            case 12 -> new ClosePlan(one(ClosureReason.values()));
            default -> new NoteCaseClosed(one(ClosureReason.values()));
        };
    }

    private ReferralId referral() {
        return new ReferralId(id(3));
    }

    private OrganisationId organisation() {
        return new OrganisationId(id(3));
    }

    private ServiceType service() {
        return random.nextBoolean() ? ServiceType.MEDICAL : ServiceType.SAFE_SHELTER;
    }

    private NewFollowUp followUp() {
        return new NewFollowUp(
                new FollowUpId(id(9)), now.plusSeconds(1 + random.nextInt(1_000_000)), one(FollowUpKind.values()));
    }

    private @Nullable NewFollowUp perhapsFollowUp() {
        return random.nextBoolean() ? followUp() : null;
    }

    private @Nullable String note() {
        return random.nextBoolean() ? "très bien \"ñ\" \n" + random.nextInt() : null;
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private UUID id(int of) {
        return new UUID(0x4000L, 0x8000_0000_0000_0000L | random.nextInt(of));
    }
}
