package org.passerelle.identification.reading;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessPolicy;
import org.passerelle.edge.Caller;
import org.passerelle.edge.CaseAdmission;
import org.passerelle.edge.Consuming;
import org.passerelle.edge.Decision;
import org.passerelle.edge.MembersHeard;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;
import org.passerelle.identification.caselist.CaseList;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.emergency.keeping.GlassList;

/** The access decision for one case, taken before anything of it is loaded or changed. */
@ApplicationScoped
public class CaseAccess implements CaseAdmission {

    /** Let in, and to how much. */
    public record Admitted(CaseCode code, Decision decision) {}

    @Inject
    CaseList cases;

    @Inject
    Access access;

    @Inject
    Consuming consuming;

    @Inject
    MembersHeard heard;

    @Inject
    GlassList glasses;

    /**
     * @param written the code as the caller wrote it
     * @return failing with the same refusal for a case that does not exist, that the caller has nothing to do with, and
     *     that is withheld from the caller
     */
    public Uni<Admitted> admit(String written) {
        CaseCode code = CaseCode.parse(written);
        Caller caller = access.caller();
        return ties(code, caller)
                .map(ties -> decide(ties, caller, access::decide)
                        .map(decision -> new Admitted(code, decision))
                        .orElseThrow(Access::unknown));
    }

    /** The same for somebody without account whom something else than a login has let in, by the sentences on an action. */
    public Uni<Admitted> admit(CaseCode code, Caller caller, String action) {
        return known(code, caller)
                .map(ties -> decide(
                                ties,
                                caller,
                                relation -> AccessPolicy.shipped().decide(caller, action, relation, heard.silent()))
                        .map(decision -> new Admitted(code, decision))
                        .orElseThrow(Access::unknown));
    }

    private Uni<CaseList.Ties> known(CaseCode code, Caller caller) {
        return cases.ties(code, caller.organisation())
                .flatMap(ties ->
                        consuming.counting(code.text(), ties.relations()).map(ties::with));
    }

    /** What the ties of an organisation to a case and the roles of a caller make of it; pure. Empty: unknown to them. */
    public static Optional<Decision> decide(CaseList.Ties ties, Caller caller, Function<Relation, Decision> policy) {
        if (ties.relations().isEmpty()
                || ties.withheldFromTheOrganisation()
                || ties.withheldFromAuthorities() && caller.authority()) {
            return Optional.empty();
        }
        return relations(ties.relations(), caller).stream()
                .map(policy)
                .filter(Decision::permitted)
                .max(Comparator.comparing(Decision::mask));
    }

    @Override
    public Uni<String> admitTo(String written) {
        return admit(written).map(admitted -> admitted.code().text());
    }

    private Uni<CaseList.Ties> ties(CaseCode code, Caller caller) {
        return known(code, caller)
                .flatMap(ties -> ties.relations().isEmpty() || !access.concerns(Relation.BREAKING_GLASS)
                        ? Uni.createFrom().item(ties)
                        : glasses.open(code, caller, Instant.now())
                                .map(open -> open ? ties.with(plus(ties.relations(), Relation.BREAKING_GLASS)) : ties));
    }

    private static Set<Relation> plus(Set<Relation> relations, Relation one) {
        Set<Relation> more = new HashSet<>(relations);
        more.add(one);
        return more;
    }

    /** Coordinators stand in a relation to every case, by their role. */
    private static Set<Relation> relations(Set<Relation> ofTheOrganisation, Caller caller) {
        Set<Relation> relations = new HashSet<>(ofTheOrganisation);
        if (coordinates(caller)) {
            relations.add(Relation.COORDINATING);
        }
        return relations;
    }

    public static boolean coordinates(Caller caller) {
        return caller.isA(Role.COORDINATOR) || caller.isA(Role.LOCAL_COORDINATOR);
    }
}
