package org.passerelle.identification.form;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Languages;
import org.passerelle.edge.Problems;
import org.passerelle.edge.Reads;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.reading.CaseAccess;
import org.passerelle.identification.reading.CaseView;
import org.passerelle.identification.reading.Slice;

/** The printable referral form: read live, recorded as the look that it is. */
@Path("/cases/{caseCode}")
@Tag(name = "Referral form", description = "One page, for where there is paper only")
public class FormResource {

    private static final String PDF = "application/pdf";

    /** Its name says nothing of anybody. */
    private static final String FILE = "inline; filename=\"referral-form.pdf\"";

    @Inject
    CaseAccess admission;

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    EventStore store;

    @Inject
    Problems problems;

    /** The country's numbers for help, as they are to be printed: "Ligne verte : 116". Separated by commas. */
    @ConfigProperty(name = "passerelle.form.hotlines")
    Optional<List<String>> hotlines;

    @GET
    @Path("/slice/form")
    @Produces({PDF, MediaType.APPLICATION_JSON})
    @AccessTo("case.slice")
    @Operation(
            summary = "The agreed slice on one page of paper (PDF), while one's organisation gives a service",
            description = "lang: fr, es or en; otherwise by Accept-Language.")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = PDF, schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Uni<Response> received(String caseCode, @QueryParam("lang") @Nullable String lang) {
        OrganisationId receiver = organisation(access.caller().organisation());
        Instant now = Instant.now();
        return admission
                .admit(caseCode)
                .flatMap(admitted -> printed(
                        admitted,
                        receiver,
                        lang,
                        now,
                        "form",
                        file -> Slice.agreed(admitted.code(), file, receiver, now)));
    }

    @GET
    @Path("/referral-form")
    @Produces({PDF, MediaType.APPLICATION_JSON})
    @AccessTo("case.form")
    @Operation(
            summary = "The referral form for an organisation (PDF), as the owner sends it on paper",
            description =
                    "to: the organisation. With exactly what it would read by itself: what a live consent lets it be"
                            + " told, and the needs it is offered or answers, or all unmet ones where it is not asked yet. lang: fr,"
                            + " es or en; otherwise by Accept-Language.")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = PDF, schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Uni<Response> sent(
            String caseCode, @QueryParam("to") @Nullable String to, @QueryParam("lang") @Nullable String lang) {
        OrganisationId receiver = receiver(to);
        Instant now = Instant.now();
        return admission.admit(caseCode).flatMap(admitted -> {
            if (!admitted.decision().mask().covers(FieldMask.ALL)) {
                throw Access.unknown();
            }
            return printed(
                    admitted,
                    receiver,
                    lang,
                    now,
                    "form for " + receiver,
                    file -> Slice.forReceiver(admitted.code(), file, receiver, now));
        });
    }

    private Uni<Response> printed(
            CaseAccess.Admitted admitted,
            OrganisationId receiver,
            @Nullable String lang,
            Instant now,
            String fields,
            Function<CaseFile, Slice> slice) {
        FormWords words = FormWords.in(language(lang));
        Uni<Response> pdf = store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                .map(loaded -> Form.of(
                        slice.apply(loaded.state()),
                        CaseView.facts(loaded.state()).consents().servicesUntil(receiver, now),
                        hotlines.orElse(List.of()),
                        words,
                        now))
                // Setting type takes some milliseconds, which the event loop has not got.
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(form -> Response.ok(FormPdf.of(form), PDF)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .header(HttpHeaders.CONTENT_LANGUAGE, words.language().getLanguage())
                        .header(HttpHeaders.CONTENT_DISPOSITION, FILE)
                        .build());
        return reads.recorded(access, List.of(admitted.code().text()), fields, pdf);
    }

    private Locale language(@Nullable String lang) {
        return lang == null ? problems.language() : Languages.choose(lang);
    }

    private static OrganisationId receiver(@Nullable String to) {
        try {
            return OrganisationId.of(to == null ? "" : to);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.of("form-for-whom").field("to").invalid();
        }
    }

    private static OrganisationId organisation(@Nullable String organisation) {
        if (organisation == null) {
            throw Access.unknown();
        }
        return OrganisationId.of(organisation);
    }
}
