package org.passerelle.identification.members;

import jakarta.enterprise.context.ApplicationScoped;
import org.passerelle.edge.FollowingMembers;

/** An organisation is suspended or a member removed: within seconds their tokens open nothing here. */
@ApplicationScoped
public class WhenMembersChangeThenAccessFollows extends FollowingMembers {}
