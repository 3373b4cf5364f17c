package org.passerelle.identification.consenting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.consenting.Consent.WithheldFrom;

/** Every consent of a case, in the order they were recorded, and what follows from them together. */
public record Consents(List<Standing> all) {

    /**
     * A consent, and when it was withdrawn, if it was.
     *
     * @param before how many were recorded before it was withdrawn; nothing where it was not
     */
    public record Standing(Consent consent, @Nullable Instant withdrawnAt, int before) {

        public boolean liveAt(Instant moment) {
            return withdrawnAt == null && !consent.expiredAt(moment);
        }
    }

    public Consents {
        all = List.copyOf(all);
    }

    public static Consents none() {
        return new Consents(List.of());
    }

    public Consents with(Consent consent) {
        List<Standing> more = new ArrayList<>(all);
        more.add(new Standing(consent, null, 0));
        return new Consents(more);
    }

    public Consents withdrawn(ConsentId id, Instant at) {
        return new Consents(all.stream()
                .map(one -> one.consent().id().equals(id) ? new Standing(one.consent(), at, all.size()) : one)
                .toList());
    }

    /** The one that somebody who was handed over to this mechanism came with: it lets nobody here read anything. */
    public Optional<ConsentId> broughtAlong() {
        return all.stream()
                .map(Standing::consent)
                .filter(consent -> consent.onlyHandsOver() && consent.handOver() == null)
                .map(Consent::id)
                .findFirst();
    }

    public Optional<Standing> find(ConsentId id) {
        return all.stream().filter(one -> one.consent().id().equals(id)).findFirst();
    }

    /**
     * Whether {@code scope} may be used towards {@code organisation} at {@code moment}: some live consent allows it,
     * and nothing that stands withholds the case from that organisation.
     */
    public boolean permit(Scope scope, OrganisationId organisation, Instant moment) {
        boolean allowed = all.stream()
                .filter(one -> one.liveAt(moment))
                .map(Standing::consent)
                .anyMatch(consent ->
                        consent.scopes().contains(scope) && consent.recipients().include(organisation));
        return allowed && !withheld().organisations().contains(organisation);
    }

    /** When the last of what {@link #permit}s services towards an organisation ends; null where one lasts until withdrawn. */
    public @Nullable Instant servicesUntil(OrganisationId organisation, Instant moment) {
        List<Consent> permitting = all.stream()
                .filter(one -> one.liveAt(moment))
                .map(Standing::consent)
                .filter(consent -> consent.scopes().contains(Scope.SERVICES)
                        && consent.recipients().include(organisation))
                .toList();
        return permitting.stream().anyMatch(consent -> consent.validUntil() == null)
                ? null
                : permitting.stream()
                        .map(Consent::validUntil)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null);
    }

    /** The consent on which somebody may be handed over to the mechanism of a country at {@code moment}; the latest. */
    public Optional<Consent> toHandOver(Country to, Instant moment) {
        return all.reversed().stream()
                .filter(one -> one.liveAt(moment))
                .map(Standing::consent)
                .filter(consent ->
                        consent.handOver() != null && consent.handOver().to().equals(to))
                .findFirst();
    }

    /**
     * From whom the case is withheld now. Withholding outlives what it came with: it does not end when the consent
     * expires, and after a withdrawal it lasts until a consent that comes after that says what the person wants instead. A
     * withdrawal must never open a case to anybody, whoever tells of it and whatever stands beside it; nor must a consent to
     * a hand-over, which says nothing of who may know of it here.
     */
    public WithheldFrom withheld() {
        boolean authorities = false;
        Set<OrganisationId> organisations = new HashSet<>();
        for (Standing one : all) {
            if (one.withdrawnAt() == null || saidNothingSince(one.before())) {
                authorities |= one.consent().withheldFrom().authorities();
                organisations.addAll(one.consent().withheldFrom().organisations());
            }
        }
        return new WithheldFrom(authorities, organisations);
    }

    private boolean saidNothingSince(int before) {
        return all.stream().skip(before).allMatch(later -> later.consent().onlyHandsOver());
    }
}
