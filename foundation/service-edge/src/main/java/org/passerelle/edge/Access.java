package org.passerelle.edge;

import jakarta.enterprise.context.RequestScoped;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;

/** The access decisions of one request. */
@RequestScoped
public class Access {

    private @Nullable Caller caller;
    private @Nullable String action;
    private String correlationId = "";
    private boolean silent;
    private Purpose purpose = Purpose.NOT_STATED;
    private @Nullable Instant loggedInAt;
    private boolean onlyOwnTies;

    /** How old a login may be where a fresh one is needed. */
    @ConfigProperty(name = "passerelle.access.fresh-login", defaultValue = "PT5M")
    Duration freshLogin;

    /**
     * @param login        when the caller last proved who they are; null where the token does not say
     * @param sourceSilent whether personal fields are held back, see {@link MembersHeard}
     */
    void begin(
            Caller who,
            String what,
            String correlation,
            Purpose wherefore,
            @Nullable Instant login,
            boolean sourceSilent) {
        caller = who;
        action = what;
        correlationId = correlation;
        purpose = wherefore;
        loggedInAt = login;
        silent = sourceSilent;
    }

    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("no caller: the endpoint was not checked");
        }
        return caller;
    }

    public String action() {
        if (action == null) {
            throw new IllegalStateException("no action: the endpoint was not checked");
        }
        return action;
    }

    /** What the caller says this request is for. */
    public Purpose purpose() {
        return purpose;
    }

    /** From here on this request's reads are recorded as an emergency's, whatever it said it was for. */
    public void underBrokenGlass() {
        purpose = Purpose.BREAK_GLASS;
    }

    /** Whoever has walked away from a machine that is logged in has not just logged in; 401 where they must again. */
    public void requireFreshLogin() {
        if (!Login.fresh(loggedInAt, Instant.now(), freshLogin)) {
            throw new LoginAgain(freshLogin);
        }
    }

    /** Whether the policy says anything of this relation for what is being done. */
    public boolean concerns(Relation relation) {
        return AccessPolicy.shipped().concerns(action(), relation);
    }

    /** Goes into the metadata of the events of this request. */
    public Metadata by() {
        Caller who = caller();
        return new Metadata(who.issuer(), who.subject(), who.organisation(), correlationId, null);
    }

    /**
     * For a request about one case, when the person withholds it from the caller's organisation: what everybody of a role
     * may do with every case counts for nothing here, nor that the organisation is asked, only what it has or does itself.
     */
    void withheldFromTheOrganisation() {
        onlyOwnTies = true;
    }

    public Decision decide(Relation relation) {
        if (onlyOwnTies
                && (relation == Relation.OFFERED || relation == Relation.COORDINATING || relation == Relation.NONE)) {
            return new Decision(false, FieldMask.NOTHING, "withheld from the organisation by the person");
        }
        return AccessPolicy.shipped().decide(caller(), action(), relation, silent);
    }

    /**
     * @return the decision, when it permits
     * @throws Refusal the same as for a case that does not exist
     */
    public Decision require(Relation relation) {
        Decision decision = decide(relation);
        if (!decision.permitted()) {
            throw unknown();
        }
        return decision;
    }

    /** For what does not exist and for what the caller may not know of. */
    public static Refusal unknown() {
        return Refusal.of("unknown-or-ended").unknown();
    }
}
