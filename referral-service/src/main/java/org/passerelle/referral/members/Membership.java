package org.passerelle.referral.members;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An organisation's standing and members.
 *
 * @param members   with their roles, in the order in which they came
 * @param removed   who was removed and has not come back
 * @param complete  whether whoever is not on the list is denied
 * @param suspended why; empty in good standing
 */
public record Membership(
        Map<Account, List<String>> members,
        Set<Account> removed,
        boolean complete,
        Optional<SuspensionReason> suspended) {

    static final Membership NOTHING_RECORDED = new Membership(Map.of(), Set.of(), false, Optional.empty());

    public Membership {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        removed = Set.copyOf(removed);
    }

    Membership with(Account account, List<String> roles) {
        Map<Account, List<String>> changed = new LinkedHashMap<>(members);
        changed.put(account, roles);
        Set<Account> gone = new HashSet<>(removed);
        gone.remove(account);
        return new Membership(changed, gone, complete, suspended);
    }

    Membership without(Account account) {
        Map<Account, List<String>> changed = new LinkedHashMap<>(members);
        changed.remove(account);
        Set<Account> gone = new HashSet<>(removed);
        gone.add(account);
        return new Membership(changed, gone, complete, suspended);
    }

    Membership completed() {
        return new Membership(members, removed, true, suspended);
    }

    Membership suspended(Optional<SuspensionReason> why) {
        return new Membership(members, removed, complete, why);
    }
}
