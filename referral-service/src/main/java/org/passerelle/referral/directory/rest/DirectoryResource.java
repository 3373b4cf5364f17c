package org.passerelle.referral.directory.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Cursors;
import org.passerelle.edge.Problem;
import org.passerelle.edge.Problems;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.directory.DirectoryImport;
import org.passerelle.referral.directory.DirectoryImport.Change;
import org.passerelle.referral.directory.DirectoryImport.Kind;
import org.passerelle.referral.directory.DirectoryImport.Mode;
import org.passerelle.referral.directory.DirectoryImport.Plan;
import org.passerelle.referral.directory.DirectorySearch;
import org.passerelle.referral.directory.DirectorySearch.OrganisationView;
import org.passerelle.referral.directory.DirectorySearch.ServiceView;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.directory.OrganisationListing;
import org.passerelle.referral.directory.hsds.Fault;
import org.passerelle.referral.directory.hsds.HsdsDirectory;
import org.passerelle.referral.directory.hsds.HsdsPackage;
import org.passerelle.referral.directory.hsds.HsdsReader;
import org.passerelle.referral.directory.hsds.HsdsWriter;
import org.passerelle.referral.directory.hsds.MalformedDirectory;
import org.passerelle.referral.directory.hsds.PlacesOfDirectory;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.texts.Texts;

/** The service directory. */
@Path("/directory")
@Tag(name = "Directory", description = "Which organisation gives which service, where and to whom")
public class DirectoryResource {

    private static final String ZIP = "application/zip";

    @Inject
    DirectoryImport imports;

    @Inject
    Commands commands;

    @Inject
    Problems problems;

    @Inject
    DirectorySearch search;

    @Inject
    Cursors cursors;

    @Inject
    Clock clock;

    @Inject
    Places places;

    /**
     * What an import did, or with {@code dryRun} would do.
     *
     * @param organisations how many the document holds; likewise services and locations
     * @param listed organisations new to the directory
     * @param revised organisations whose entry changed
     * @param unchanged organisations of which nothing new was said
     * @param ended organisations that the document does not name and whose services are over: only when it replaces
     * @param changes each entry that changes, by organisation
     */
    public record ImportReport(
            boolean dryRun,
            int organisations,
            int services,
            int locations,
            int listed,
            int revised,
            int unchanged,
            int ended,
            List<ChangeView> changes,
            List<String> warnings) {}

    /**
     * An entry that changes.
     *
     * @param change listed, revised or ended
     * @param servicesRemoved no longer named, or over
     */
    public record ChangeView(
            UUID organisation,
            String name,
            String change,
            int servicesAdded,
            int servicesRevised,
            int servicesRemoved) {

        static ChangeView of(Change change) {
            return new ChangeView(
                    change.organisation().value(),
                    change.name(),
                    change.kind().name().toLowerCase(Locale.ROOT),
                    change.added(),
                    change.revised(),
                    change.removed());
        }
    }

    @POST
    @Path("/imports")
    @Blocking
    @AccessTo("directory.import")
    @Operation(
            summary = "Import a directory in Open Referral HSDS 3 JSON",
            description =
                    "All or nothing. mode: with merge (default) organisations that the document does not name stay as"
                            + " they are, with replace their services are over. dryRun=true tells what would change and changes"
                            + " nothing. Referrals that wait for a service are routed again by themselves, the most pressing"
                            + " first.")
    public Uni<Response> importDirectory(
            @NotNull JsonNode document,
            @QueryParam("mode") @DefaultValue("merge") String mode,
            @QueryParam("dryRun") @DefaultValue("false") String dryRun) {
        try {
            return imported(document, HsdsReader.read(document), mode, dryRun);
        } catch (MalformedDirectory malformed) {
            return Uni.createFrom().item(problem(malformed));
        }
    }

    @POST
    @Path("/imports/tabular")
    @Consumes(ZIP)
    @Blocking
    @AccessTo("directory.import")
    @Operation(
            summary = "Import a directory as an HSDS 3 tabular data package: a zip of CSV files",
            description = "The same as the import of JSON; docs/directory.md lists the tables.")
    public Uni<Response> importPackage(
            @NotNull byte[] zip,
            @QueryParam("mode") @DefaultValue("merge") String mode,
            @QueryParam("dryRun") @DefaultValue("false") String dryRun) {
        try {
            HsdsPackage.Tables tables = HsdsPackage.read(zip);
            return imported(tables.document(), tables.directory(), mode, dryRun);
        } catch (MalformedDirectory malformed) {
            return Uni.createFrom().item(problem(malformed));
        }
    }

    private Uni<Response> imported(JsonNode document, HsdsDirectory read, String mode, String dryRun) {
        Mode how = mode(mode);
        boolean tried = flag(dryRun);
        HsdsDirectory directory =
                PlacesOfDirectory.checked(read, places, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        Texts texts = Texts.in(problems.language());
        Uni<Plan> plan = imports.plan(directory.organisations(), directory.openLocations(), how);
        if (tried) {
            return plan.map(planned ->
                    Response.ok(report(true, directory, planned, texts)).build());
        }
        Object body = how == Mode.MERGE ? document : Map.of("mode", mode, "document", document);
        return commands.append(
                body,
                plan,
                planned -> appends(planned, directory.organisations()),
                planned -> Answer.ok(report(false, directory, planned, texts)));
    }

    /** A word that is neither must not turn a trial into a replacement. */
    private static boolean flag(String dryRun) {
        return switch (dryRun) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Refusal.of("true-or-false").invalid().field("dryRun");
        };
    }

    private static Mode mode(String mode) {
        return switch (mode) {
            case "merge" -> Mode.MERGE;
            case "replace" -> Mode.REPLACE;
            default -> throw Refusal.of("unknown-import-mode").invalid().field("mode");
        };
    }

    private List<StreamAppend> appends(Plan plan, List<OrganisationListing> listings) {
        return plan.appends().isEmpty()
                ? plan.appends()
                : Stream.concat(plan.appends().stream(), Stream.of(DirectoryStream.changed(clock.instant(), listings)))
                        .toList();
    }

    private static ImportReport report(boolean dryRun, HsdsDirectory directory, Plan plan, Texts texts) {
        int organisations = directory.organisations().size();
        int listed = plan.count(Kind.LISTED);
        int revised = plan.count(Kind.REVISED);
        return new ImportReport(
                dryRun,
                organisations,
                directory.services(),
                directory.locations(),
                listed,
                revised,
                organisations - listed - revised,
                plan.count(Kind.ENDED),
                plan.changes().stream().map(ChangeView::of).toList(),
                Stream.concat(secrecy(plan), directory.warnings().stream())
                        .map(fault -> texts.say("import.where", where(fault), texts.say(fault.code(), fault.args())))
                        .toList());
    }

    /** What became public comes first, and all of it: somebody may be found there. */
    private static Stream<Fault> secrecy(Plan plan) {
        return Stream.of(
                        of(plan.opened(), "import.location-opened"),
                        of(plan.openedHereOnly(), "import.location-confidential-elsewhere"),
                        of(plan.kept(), "import.location-stays-confidential"))
                .flatMap(faults -> faults);
    }

    private static Stream<Fault> of(Set<LocationId> locations, String code) {
        return locations.stream().map(location -> new Fault("locations id=" + location, "", code, List.of()));
    }

    @GET
    @Path("/export")
    @AccessTo("directory.export")
    @Operation(
            summary = "The whole directory as a document that can be imported",
            description = "Open Referral HSDS 3 JSON. Of a confidential location it holds the place and nothing more;"
                    + " importing it again loses nothing of it.")
    public Uni<Response> exportDirectory() {
        return imports.whole().map(listings -> attachment(HsdsWriter.write(listings), "directory.hsds.json"));
    }

    @GET
    @Path("/export/tabular")
    @Produces(ZIP)
    @AccessTo("directory.export")
    @Operation(
            summary = "The whole directory as an HSDS 3 tabular data package: a zip of CSV files",
            description = "It can be imported; confidential locations as in the export of JSON.")
    public Uni<Response> exportPackage() {
        return imports.whole()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(listings -> attachment(HsdsPackage.write(HsdsWriter.write(listings)), "directory.hsds.zip"));
    }

    private static Response attachment(Object entity, String name) {
        return Response.ok(entity)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private Response problem(MalformedDirectory malformed) {
        Texts texts = Texts.in(problems.language());
        return problems.invalid(
                422,
                "directory-malformed",
                malformed.faults().stream()
                        .map(fault -> new Problem.FieldError(where(fault), texts.say(fault.code(), fault.args())))
                        .toList());
    }

    private static String where(Fault fault) {
        if (fault.record().isEmpty()) {
            return fault.field();
        }
        return fault.field().isEmpty() ? fault.record() : fault.record() + " " + fault.field();
    }

    /** A page of organisations; {@code next} continues the list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OrganisationPage(
            List<OrganisationView> organisations, @Nullable String next) {}

    @GET
    @Path("/organisations")
    @AccessTo("directory.read")
    @Operation(summary = "The organisations of the directory, by name")
    public Uni<OrganisationPage> organisations(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(500) int limit) {
        return cursors.open("organisations", after).flatMap(position -> {
            String name = position == null ? null : position.substring(36);
            UUID id = position == null ? null : UUID.fromString(position.substring(0, 36));
            return search.organisations(name, id, limit)
                    .flatMap(found -> cursors.next("organisations", found, limit, last -> last.id() + last.name())
                            .map(next -> new OrganisationPage(found, next)));
        });
    }

    /** A page of services; {@code next} continues the list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ServicePage(
            List<ServiceView> services, @Nullable String next) {}

    @GET
    @Path("/services")
    @AccessTo("directory.read")
    @Operation(
            summary = "The services of the directory",
            description =
                    "type: a service type code; place: an ISO 3166-2 code or p-code: services given in it or declared for it,"
                            + " in a place that lies in it, or in one in which it lies. notAssuredSince: active services of whose listing nobody has"
                            + " made sure since that day. assuranceAskedOf: those of an organisation that it was asked to"
                            + " make sure of.")
    public Uni<ServicePage> services(
            @QueryParam("type") @Nullable String type,
            @QueryParam("place") @Nullable String place,
            @QueryParam("notAssuredSince") @Nullable LocalDate notAssuredSince,
            @QueryParam("assuranceAskedOf") @Nullable UUID assuranceAskedOf,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(500) int limit) {
        if (type != null && ServiceType.byCode(type).isEmpty()) {
            throw Refusal.of("unknown-service-type").invalid().field("type");
        }
        if (place != null && !PlaceCode.isPlaceCode(place)) {
            throw Refusal.of("unknown-place").invalid().field("place");
        }
        return cursors.open("services", after)
                .flatMap(position -> search.services(
                        type,
                        place == null ? null : new PlaceCode(place),
                        notAssuredSince,
                        assuranceAskedOf,
                        position == null ? null : UUID.fromString(position),
                        limit))
                .flatMap(found -> cursors.next(
                                "services", found, limit, last -> last.id().toString())
                        .map(next -> new ServicePage(found, next)));
    }
}
