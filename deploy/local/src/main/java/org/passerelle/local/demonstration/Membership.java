package org.passerelle.local.demonstration;

import java.util.Map;

/**
 * Has the people of the demonstration country recorded as members of their organisations. The lists stay open: accounts of an
 * installation that moves to other ports have another issuer, and are judged by their tokens then.
 */
public final class Membership {
    private static final String COORDINATION = "coordination";
    /** Nobody records themselves. */
    private static final String OTHER_COORDINATOR = "visiteur-es";

    private Membership() {}

    public static void record(PlatformClient platform, Cast cast) {
        for (Cast.Person person : cast.people()) {
            var by = person.username().equals(COORDINATION) ? OTHER_COORDINATOR : COORDINATION;
            platform.command(
                    by,
                    "/referral/directory/organisations/" + person.organisation() + "/members",
                    Map.of(
                            "issuer", platform.issuer(),
                            "subject", person.username(),
                            "roles", person.roles()),
                    "demonstration-member-" + person.username());
        }
    }
}
