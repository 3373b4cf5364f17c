package org.passerelle.identification.needs.following;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Set;
import org.jboss.logging.Logger;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.StateNeed;
import org.passerelle.identification.casefile.CaseDecider;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.needs.rest.Countries;

/** What a provider proposed and the sender agreed to is a need like every other; its clock began with the proposal. */
@ApplicationScoped
public class WhenAnOnwardReferralIsAgreedThenStateTheNeed implements Effect {

    private static final String AGREED = "passerelle.referral.onward-referral-agreed.v1";

    private static final Logger LOG = Logger.getLogger(WhenAnOnwardReferralIsAgreedThenStateTheNeed.class);

    @Inject
    EventStore store;

    @Inject
    Countries countries;

    @Inject
    ObjectMapper json;

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Agreed(NeedId needId, ServiceType service, Urgency urgency, Place place, Instant proposedAt) {}

    @Override
    public String consumer() {
        return "identification.onward-referrals";
    }

    @Override
    public String topic() {
        return "passerelle.referral";
    }

    @Override
    public Set<String> types() {
        return Set.of(AGREED);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        CaseCode code = CaseCode.parse(event.subject());
        Agreed agreed = read(event);
        return store.loadIn(tx, CaseStream.KIND, CaseStream.of(code)).flatMap(loaded -> {
            if (loaded.state() instanceof CaseFile.Closed) {
                // closed after the sender agreed: nobody needs it any more
                return Uni.createFrom().voidItem();
            }
            return store.handleIn(
                            tx,
                            CaseStream.KIND,
                            CaseStream.of(code),
                            new StateNeed(
                                    agreed.needId(),
                                    agreed.service(),
                                    agreed.urgency(),
                                    agreed.place(),
                                    countries.of(agreed.place()),
                                    agreed.proposedAt()),
                            Metadata.because("referral", event))
                    .replaceWithVoid()
                    // of this case no more can be stated, ever: waiting for it would hold up what else is told of the
                    // case
                    .onFailure(failure ->
                            failure instanceof Refusal refusal && refusal.code().equals(CaseDecider.TOO_MANY))
                    .recoverWithUni(full -> {
                        LOG.warnf("case %s has too many needs: the onward referral agreed to is not stated", code);
                        return Uni.createFrom().voidItem();
                    });
        });
    }

    /** What cannot be read parks the case. */
    private Agreed read(IncomingEvent event) {
        try {
            return json.treeToValue(event.data(), Agreed.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not an agreed onward referral", e);
        }
    }
}
