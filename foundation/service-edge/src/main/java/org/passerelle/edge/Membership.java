package org.passerelle.edge;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * For whom an account acts and as what: what the directory has on record counts, and a token can only say less. Pure.
 *
 * <p>One role takes away: police, from whom things are withheld. It counts where any record or the token names it.
 *
 * <p>An account that is on record anywhere, even as removed, is judged by the record alone. One that never was is judged by
 * its token, as long as its organisation has not said that its list of members is complete: decision 85.
 */
public final class Membership {

    /** What a valid token says. */
    public record Claims(
            String issuer, String subject, @Nullable String organisation, Set<Role> roles) {}

    /**
     * What is on record of an organisation that the account belongs to, or that its token names.
     *
     * @param roles     null where the account is not on its list
     * @param removed   the account was on its list
     * @param complete  whoever is not on its list does not act for it
     * @param unsettled a fact about it could not be processed: nothing is known for certain
     */
    public record Standing(
            String organisation,
            @Nullable Set<Role> roles,
            boolean removed,
            boolean suspended,
            boolean complete,
            boolean unsettled) {

        boolean inGoodStanding() {
            return !suspended && !unsettled;
        }
    }

    private Membership() {}

    /**
     * @param everybodyOnRecord whether accounts without a record act for nobody, in the whole installation
     * @return empty when the account may do nothing
     */
    public static Optional<Caller> caller(Claims claims, List<Standing> standings, boolean everybodyOnRecord) {
        if (standings.stream().anyMatch(one -> one.roles() != null)) {
            return onRecord(claims, standings);
        }
        boolean refused = standings.stream().anyMatch(one -> one.complete() || !one.inGoodStanding());
        return refused || everybodyOnRecord
                ? Optional.empty()
                : Optional.of(new Caller(claims.issuer(), claims.subject(), claims.organisation(), claims.roles()));
    }

    /** Somebody who acts for several organisations says by the token for which; who acts for one need not. */
    private static Optional<Caller> onRecord(Claims claims, List<Standing> standings) {
        List<Standing> current = standings.stream()
                .filter(one -> one.roles() != null && !one.removed())
                .filter(one ->
                        claims.organisation() == null || claims.organisation().equals(one.organisation()))
                .toList();
        if (current.size() != 1 || !current.getFirst().inGoodStanding()) {
            return Optional.empty();
        }
        Standing standing = current.getFirst();
        Set<Role> roles = EnumSet.noneOf(Role.class);
        if (standing.roles() != null) {
            roles.addAll(standing.roles());
        }
        roles.retainAll(claims.roles());
        return Optional.of(new Caller(
                claims.issuer(), claims.subject(), standing.organisation(), roles, isAuthority(claims, standings)));
    }

    private static boolean isAuthority(Claims claims, List<Standing> standings) {
        return claims.roles().contains(Role.POLICE_INVESTIGATOR)
                || standings.stream()
                        .map(Standing::roles)
                        .anyMatch(roles -> roles != null && roles.contains(Role.POLICE_INVESTIGATOR));
    }
}
