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
 * @param absences  the last one of each account, also when it is over
 */
public record Membership(
        Map<Account, List<String>> members,
        Set<Account> removed,
        boolean complete,
        Optional<SuspensionReason> suspended,
        Map<Account, Absence> absences) {

    static final Membership NOTHING_RECORDED = new Membership(Map.of(), Set.of(), false, Optional.empty(), Map.of());

    public Membership {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        removed = Set.copyOf(removed);
        absences = Collections.unmodifiableMap(new LinkedHashMap<>(absences));
    }

    /** As far as the record knows: whoever is not on a list that is not complete may. */
    boolean mayAct(Account account) {
        return !removed.contains(account) && (!complete || members.containsKey(account));
    }

    /** Whether the account is on record as one that can have a referral of its own. */
    public boolean canCover(Account account) {
        return members.getOrDefault(account, List.of()).stream().anyMatch(Absence.OF_WHO_CLAIMS::contains);
    }

    Membership with(Account account, List<String> roles) {
        Map<Account, List<String>> changed = new LinkedHashMap<>(members);
        changed.put(account, roles);
        Set<Account> gone = new HashSet<>(removed);
        gone.remove(account);
        return new Membership(changed, gone, complete, suspended, absences);
    }

    Membership without(Account account) {
        Map<Account, List<String>> changed = new LinkedHashMap<>(members);
        changed.remove(account);
        Set<Account> gone = new HashSet<>(removed);
        gone.add(account);
        return new Membership(changed, gone, complete, suspended, absences).back(account);
    }

    Membership completed() {
        return new Membership(members, removed, true, suspended, absences);
    }

    Membership suspended(Optional<SuspensionReason> why) {
        return new Membership(members, removed, complete, why, absences);
    }

    Membership away(Account account, Absence absence) {
        Map<Account, Absence> changed = new LinkedHashMap<>(absences);
        changed.put(account, absence);
        return new Membership(members, removed, complete, suspended, changed);
    }

    Membership back(Account account) {
        Map<Account, Absence> changed = new LinkedHashMap<>(absences);
        changed.remove(account);
        return new Membership(members, removed, complete, suspended, changed);
    }
}
