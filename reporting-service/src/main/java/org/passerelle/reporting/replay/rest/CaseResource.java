package org.passerelle.reporting.replay.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.BadRequest;
import org.passerelle.edge.Reads;
import org.passerelle.reporting.ReportingSettings;
import org.passerelle.reporting.language.Language;
import org.passerelle.reporting.ledger.Entry;
import org.passerelle.reporting.ledger.keeping.Ledger;
import org.passerelle.reporting.replay.CaseState;
import org.passerelle.reporting.replay.CaseStory;
import org.passerelle.reporting.replay.Sentences;
import org.passerelle.reporting.replay.Timeline;

/** What the ledger says of one case. */
@Path("/cases/{code}")
@Tag(name = "Cases")
@Produces(MediaType.APPLICATION_JSON)
public class CaseResource {
    private final Ledger ledger;
    private final Access access;
    private final Reads reads;
    private final Sentences sentences;

    @Inject
    CaseResource(Ledger ledger, Access access, Reads reads, ReportingSettings settings) {
        this.ledger = ledger;
        this.access = access;
        this.reads = reads;
        this.sentences = new Sentences(settings.timeZone());
    }

    @GET
    @AccessTo("case.state")
    @Operation(
            summary = "The case as it stood at a moment",
            description = "Read from the ledger's entries recorded until then: codes, needs and clocks, no identity.")
    public Uni<RestResponse<CaseState>> state(
            @Parameter(description = "the case code", example = "4829-1370-6158") @PathParam("code") String code,
            @Parameter(description = "the moment, RFC 3339; now by default", example = "2026-11-20T12:00:00Z")
                    @QueryParam("at")
                    @Nullable
                    String at) {
        Instant moment = moment(at);
        return read(code, "state", entries -> CaseStory.at(code, entries, moment), Language.FRENCH);
    }

    @GET
    @Path("/timeline")
    @AccessTo("case.timeline")
    @Operation(
            summary = "The timeline of the case: who, what, when",
            description = "Every entry of the ledger, in the order in which it was recorded; the sentences come in the"
                    + " language of Accept-Language (fr, es, en).")
    public Uni<RestResponse<Timeline>> timeline(
            @Parameter(description = "the case code", example = "4829-1370-6158") @PathParam("code") String code,
            @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) @Nullable String acceptLanguage) {
        Language language = Language.accepted(acceptLanguage);
        return read(code, "timeline", entries -> Timeline.of(code, entries, language, sentences), language);
    }

    /** Unknown cases and cases of others take the same way: everything told about them, then the same refusal. */
    private <T> Uni<RestResponse<T>> read(
            String code, String fields, Function<List<Entry>, T> view, Language language) {
        Uni<List<Entry>> permitted = ledger.of(code).invoke(entries -> CaseRelations.require(access, entries));
        return reads.recorded(access, List.of(code), fields, permitted)
                .map(entries -> RestResponse.ResponseBuilder.ok(view.apply(entries))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .header(HttpHeaders.CONTENT_LANGUAGE, language.code())
                        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_LANGUAGE)
                        .build());
    }

    /** Nobody knows the state of tomorrow: a moment to come is refused, not answered with today's. */
    private static Instant moment(@Nullable String at) {
        Instant now = Instant.now();
        if (at == null || at.isBlank()) {
            return now;
        }
        Instant moment;
        try {
            moment = Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw new BadRequest(400, "not-a-moment", "at");
        }
        if (moment.isAfter(now)) {
            throw new BadRequest(422, "moment-to-come", "at");
        }
        return moment;
    }
}
