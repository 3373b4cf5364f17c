package org.passerelle.identification.providing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.providing.Provision.Standing;

/** All relations of organisations to the needs of one case: at most one per need and organisation. */
public record Provisions(List<Provision> all) {

    public Provisions {
        all = List.copyOf(all);
    }

    public static Provisions none() {
        return new Provisions(List.of());
    }

    public Optional<Standing> standing(NeedId need, OrganisationId organisation) {
        return all.stream()
                .filter(one -> one.need().equals(need) && one.organisation().equals(organisation))
                .map(Provision::standing)
                .findFirst();
    }

    /** Organisations that are offered, or are giving, a service for this need. */
    public List<Provision> current(NeedId need) {
        return all.stream()
                .filter(one -> one.need().equals(need) && one.standing() != Standing.HAS_PROVIDED)
                .toList();
    }

    /** The needs for which this organisation gives a service now. */
    public List<NeedId> providedBy(OrganisationId organisation) {
        return all.stream()
                .filter(one -> one.organisation().equals(organisation) && one.standing() == Standing.PROVIDING)
                .map(Provision::need)
                .toList();
    }

    public Provisions with(NeedId need, OrganisationId organisation, Standing standing) {
        List<Provision> rest = new ArrayList<>(without(need, organisation).all());
        rest.add(new Provision(need, organisation, standing));
        return new Provisions(rest);
    }

    public Provisions without(NeedId need, OrganisationId organisation) {
        return new Provisions(all.stream()
                .filter(one -> !(one.need().equals(need) && one.organisation().equals(organisation)))
                .toList());
    }
}
