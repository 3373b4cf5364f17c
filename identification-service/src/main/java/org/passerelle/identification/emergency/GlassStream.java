package org.passerelle.identification.emergency;

import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;

/**
 * One stream for each account that ever broke a glass, so that two at the same moment meet in it. What is personal in it
 * is of the case and is erased with it.
 */
public final class GlassStream {

    public static final String CATEGORY = "glass";

    public static final EventTypes<GlassEvent> TYPES = EventTypes.of(GlassEvent.class)
            .type("identification.glass-broken", 1, GlassEvent.GlassBroken.class)
            .type("identification.glass-reviewed", 1, GlassEvent.GlassReviewed.class)
            .about((stream, event) -> event.caseCode().text())
            .build();

    public static final StreamKind<GlassCommand, Glasses, GlassEvent> KIND =
            StreamKind.of(CATEGORY, new GlassDecider(), TYPES);

    private GlassStream() {}

    /** @param account the hash of an account */
    public static StreamId of(String account) {
        return KIND.stream(account);
    }
}
