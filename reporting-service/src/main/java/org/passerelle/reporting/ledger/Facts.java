package org.passerelle.reporting.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The public event types of the three services, and how their data read. */
public final class Facts {
    /** Public type to the record that reads it. An explicit table: a class may be renamed, a type never. */
    private static final Map<String, Class<? extends Fact>> READERS = Map.ofEntries(
            Map.entry("passerelle.identification.case-detected.v1", Fact.CaseDetected.class),
            Map.entry("passerelle.identification.consent-recorded.v1", Fact.ConsentRecorded.class),
            Map.entry("passerelle.identification.consent-withdrawn.v1", Fact.ConsentWithdrawn.class),
            Map.entry("passerelle.identification.screened.v1", Fact.Screened.class),
            Map.entry("passerelle.identification.victim-presumed.v1", Fact.VictimPresumed.class),
            Map.entry("passerelle.identification.need-stated.v1", Fact.NeedStated.class),
            Map.entry("passerelle.identification.case-closed.v1", Fact.CaseClosed.class),
            Map.entry("passerelle.identification.person-erased.v1", Fact.PersonErased.class),
            Map.entry("passerelle.referral.referral-requested.v1", Fact.ReferralRequested.class),
            Map.entry("passerelle.referral.service-offered.v1", Fact.ServiceOffered.class),
            Map.entry("passerelle.referral.offer-accepted.v1", Fact.OfferAccepted.class),
            Map.entry("passerelle.referral.offer-declined.v1", Fact.OfferDeclined.class),
            Map.entry("passerelle.referral.offer-expired.v1", Fact.OfferExpired.class),
            Map.entry("passerelle.referral.offer-withdrawn.v1", Fact.OfferWithdrawn.class),
            Map.entry("passerelle.referral.case-worker-task-raised.v1", Fact.CaseWorkerTaskRaised.class),
            Map.entry("passerelle.referral.service-gap-found.v1", Fact.ServiceGapFound.class),
            Map.entry("passerelle.identification.glass-broken.v1", Fact.GlassBroken.class),
            Map.entry("passerelle.identification.glass-reviewed.v1", Fact.GlassReviewed.class),
            Map.entry("passerelle.referral.referral-progressed.v1", Fact.ReferralProgressed.class),
            Map.entry("passerelle.referral.referral-completed.v1", Fact.ReferralCompleted.class),
            Map.entry("passerelle.referral.referral-cancelled.v1", Fact.ReferralCancelled.class),
            Map.entry("passerelle.assistance.plan-opened.v1", Fact.PlanOpened.class),
            Map.entry("passerelle.assistance.service-agreed.v1", Fact.ServiceAgreed.class),
            Map.entry("passerelle.assistance.service-delivered.v1", Fact.ServiceDelivered.class),
            Map.entry("passerelle.assistance.follow-up-scheduled.v1", Fact.FollowUpScheduled.class),
            Map.entry("passerelle.assistance.follow-up-due.v1", Fact.FollowUpDue.class),
            Map.entry("passerelle.assistance.follow-up-done.v1", Fact.FollowUpDone.class),
            Map.entry("passerelle.assistance.service-ended.v1", Fact.ServiceEnded.class),
            Map.entry("passerelle.assistance.plan-closed.v1", Fact.PlanClosed.class));

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Facts() {}

    /** Every public type this version understands. */
    public static Set<String> types() {
        return READERS.keySet();
    }

    /** @throws IllegalArgumentException if the type is known and its data do not read as it */
    public static Fact read(String type, String data) {
        @Nullable Class<? extends Fact> reader = READERS.get(type);
        if (reader == null) {
            return new Fact.Untold(type);
        }
        try {
            Fact fact = JSON.readValue(data, reader);
            requireWhatIsNotNullable(type, (Record) fact);
            return fact;
        } catch (JsonProcessingException e) {
            // The message of Jackson may quote the data: say the type and the place only.
            throw new IllegalArgumentException(type + " does not read, at " + e.getLocation(), e);
        }
    }

    /**
     * A field that is missing must not read as an empty one, unless its component says that it may be absent. Jackson
     * knows nothing of {@link Nullable}, so it is checked here.
     */
    private static void requireWhatIsNotNullable(String type, Record read) {
        for (RecordComponent component : read.getClass().getRecordComponents()) {
            @Nullable Object value = valueOf(component, read);
            if (value == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                throw new IllegalArgumentException(type + " lacks " + component.getName());
            }
            if (value instanceof Record inner) {
                requireWhatIsNotNullable(type, inner);
            }
        }
    }

    private static @Nullable Object valueOf(RecordComponent component, Record read) {
        try {
            return component.getAccessor().invoke(read);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("accessors of records do not fail", e);
        }
    }

    /** What an entry says; as {@link #read(String, String)}. */
    public static Fact of(Entry entry) {
        return read(entry.type(), entry.data());
    }

    /** The organisation that an event of any type names: the one acting or asked first, then the owner. */
    public static @Nullable String organisationIn(JsonNode data) {
        @Nullable String acting = text(data, "organisation");
        if (acting != null) {
            return acting;
        }
        @Nullable String owner = text(data, "ownerOrganisation");
        return owner != null ? owner : text(data, "requestedBy");
    }

    /** The referral that an event of any type concerns; a need carries its referral's id. */
    public static @Nullable String referralIn(JsonNode data) {
        @Nullable String referral = text(data, "referralId");
        return referral != null ? referral : text(data, "needId");
    }

    /** The directory's service that an event of any type names. */
    public static @Nullable String serviceIn(JsonNode data) {
        return text(data, "serviceId");
    }

    private static @Nullable String text(JsonNode data, String field) {
        JsonNode node = data.path(field);
        return node.isTextual() ? node.textValue() : null;
    }
}
