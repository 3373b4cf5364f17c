package org.passerelle.referral.members;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.passerelle.edge.WhoeverWritesStillActs;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.referring.ReferralStream;
import org.passerelle.referral.subscriptions.SubscriptionStream;

/** Whoever was removed or suspended while their command was being decided writes nothing. */
@ApplicationScoped
public class WhoeverCommandsStillActs extends WhoeverWritesStillActs {

    WhoeverCommandsStillActs() {
        super(Set.of(
                ReferralStream.CATEGORY,
                DirectoryStream.CATEGORY,
                SubscriptionStream.CATEGORY,
                MembershipStream.CATEGORY));
    }
}
