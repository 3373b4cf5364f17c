package org.passerelle.edge;

import jakarta.enterprise.context.RequestScoped;
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

    /** @param sourceSilent whether personal fields are held back, see {@link MembersHeard} */
    void begin(Caller who, String what, String correlation, Purpose wherefore, boolean sourceSilent) {
        caller = who;
        action = what;
        correlationId = correlation;
        purpose = wherefore;
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

    /** Goes into the metadata of the events of this request. */
    public Metadata by() {
        Caller who = caller();
        return new Metadata(who.issuer(), who.subject(), who.organisation(), correlationId, null);
    }

    public Decision decide(Relation relation) {
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
