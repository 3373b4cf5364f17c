package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRenewed;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;

/**
 * A link of a referral as its sender sees it. Neither the link itself nor its code, which are kept nowhere.
 *
 * @param until when it ends by itself
 * @param openedAt when somebody looked last with the right code; left out where nobody did
 * @param ended why it opens nothing: revoked, wrong-codes, expired, offer-ended (the answer was no, or somebody else has it)
 *     or referral-ended; left out while it does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LinkView(
        UUID linkId,
        UUID offerId,
        UUID organisation,
        Instant issuedAt,
        Instant until,
        @Nullable Instant openedAt,
        @Nullable String ended) {

    /**
     * Those of a referral, oldest first.
     *
     * @param events all of the referral
     * @param state that they led to
     */
    public static List<LinkView> of(List<ReferralEvent> events, Referral state, Instant now) {
        Map<UUID, Instant> until = new HashMap<>();
        Map<UUID, Instant> opened = new HashMap<>();
        Map<UUID, LinkEnd> revoked = new HashMap<>();
        List<LinkIssued> all = new ArrayList<>();
        for (ReferralEvent event : events) {
            if (event instanceof LinkIssued issued) {
                all.add(issued);
                until.put(issued.link(), issued.until());
            } else if (event instanceof LinkRenewed renewed) {
                until.put(renewed.link(), renewed.until());
            } else if (event instanceof LinkOpened look) {
                opened.put(look.link(), look.at());
            } else if (event instanceof LinkRevoked end) {
                revoked.putIfAbsent(end.link(), end.reason());
            }
        }
        return all.stream()
                .map(issued -> {
                    UUID link = issued.link();
                    Instant last = until.getOrDefault(link, issued.until());
                    return new LinkView(
                            link,
                            issued.offer().value(),
                            issued.organisation().value(),
                            issued.at(),
                            last,
                            opened.get(link),
                            ended(issued, revoked.get(link), state, !last.isAfter(now)));
                })
                .toList();
    }

    private static @Nullable String ended(LinkIssued issued, @Nullable LinkEnd revoked, Referral state, boolean over) {
        if (revoked != null) {
            return revoked.code();
        }
        if (over) {
            return "expired";
        }
        if (state instanceof Referral.Ended) {
            return "referral-ended";
        }
        boolean opens = Referral.course(state)
                .offer(issued.offer())
                .filter(Linking::opens)
                .isPresent();
        return opens ? null : "offer-ended";
    }
}
