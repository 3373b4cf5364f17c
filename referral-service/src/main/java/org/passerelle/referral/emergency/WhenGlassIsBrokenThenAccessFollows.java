package org.passerelle.referral.emergency;

import jakarta.enterprise.context.ApplicationScoped;
import org.passerelle.edge.FollowingGlass;

/** An emergency opens one case for an hour here too. */
@ApplicationScoped
public class WhenGlassIsBrokenThenAccessFollows extends FollowingGlass {}
