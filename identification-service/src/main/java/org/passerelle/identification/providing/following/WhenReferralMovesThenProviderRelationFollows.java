package org.passerelle.identification.providing.following;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.identification.casefile.CaseCommand.NoteAcceptance;
import org.passerelle.identification.casefile.CaseCommand.NoteCancellation;
import org.passerelle.identification.casefile.CaseCommand.NoteCompletion;
import org.passerelle.identification.casefile.CaseCommand.NoteGap;
import org.passerelle.identification.casefile.CaseCommand.NoteOffer;
import org.passerelle.identification.casefile.CaseCommand.NoteOfferEnded;
import org.passerelle.identification.casefile.CaseCommand.ReferralNews;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.needs.NeedId;

/** A referral moves; the provider's relation to the case, and with it what it may read, follows. */
@ApplicationScoped
public class WhenReferralMovesThenProviderRelationFollows implements Effect {

    private static final String OFFERED = "passerelle.referral.service-offered.v1";
    private static final String ACCEPTED = "passerelle.referral.offer-accepted.v1";
    private static final String DECLINED = "passerelle.referral.offer-declined.v1";
    private static final String EXPIRED = "passerelle.referral.offer-expired.v1";
    private static final String WITHDRAWN = "passerelle.referral.offer-withdrawn.v1";
    private static final String COMPLETED = "passerelle.referral.referral-completed.v1";
    private static final String CANCELLED = "passerelle.referral.referral-cancelled.v1";
    private static final String GAP = "passerelle.referral.service-gap-found.v1";

    @Inject
    EventStore store;

    @Override
    public String consumer() {
        return "identification.provider-relation";
    }

    @Override
    public String topic() {
        return "passerelle.referral";
    }

    @Override
    public Set<String> types() {
        return Set.of(OFFERED, ACCEPTED, DECLINED, EXPIRED, WITHDRAWN, COMPLETED, CANCELLED, GAP);
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        return store.handleIn(
                        tx,
                        CaseStream.KIND,
                        CaseStream.of(CaseCode.parse(event.subject())),
                        news(event),
                        Metadata.because("referral", event))
                .replaceWithVoid();
    }

    private static ReferralNews news(IncomingEvent event) {
        NeedId need = NeedId.of(text(event.data(), "referralId"));
        return switch (event.type()) {
            case OFFERED -> new NoteOffer(need, organisation(event), event.time());
            case ACCEPTED -> new NoteAcceptance(need, organisation(event), event.time());
            case DECLINED, EXPIRED, WITHDRAWN -> new NoteOfferEnded(need, organisation(event), event.time());
            case COMPLETED -> new NoteCompletion(need, organisation(event), event.time());
            case CANCELLED -> new NoteCancellation(need, event.time());
            case GAP -> new NoteGap(need, event.time());
            default -> throw new IllegalArgumentException("not a listed type: " + event.type());
        };
    }

    private static OrganisationId organisation(IncomingEvent event) {
        return OrganisationId.of(text(event.data(), "organisation"));
    }

    private static String text(JsonNode data, String field) {
        JsonNode value = data.get(field);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("without " + field);
        }
        return value.textValue();
    }
}
