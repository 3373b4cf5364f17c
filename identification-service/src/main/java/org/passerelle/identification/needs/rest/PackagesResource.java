package org.passerelle.identification.needs.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.eventsourcing.Handled;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.avoiding.rest.Avoidances;
import org.passerelle.identification.avoiding.rest.ToAvoid;
import org.passerelle.identification.casefile.CaseCommand.StateNeed;
import org.passerelle.identification.casefile.CaseCommand.StatePackage;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.needs.Accompanying;
import org.passerelle.identification.needs.Circumstance;
import org.passerelle.identification.needs.Leg;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.PackageId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.reading.CaseAccess;

/** Several needs at once that belong together: one before another, or at the same place. */
@Path("/cases/{caseCode}/packages")
@Tag(name = "Needs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PackagesResource {

    private static final String NAME = "[a-z0-9][a-z0-9-]{0,31}";

    private final CaseAccess admission;
    private final Commands commands;
    private final Countries countries;
    private final Avoidances avoidances;

    @Inject
    PackagesResource(CaseAccess admission, Commands commands, Countries countries, Avoidances avoidances) {
        this.admission = admission;
        this.commands = commands;
        this.countries = countries;
        this.avoidances = avoidances;
    }

    /**
     * Two to twenty needs.
     *
     * @param avoid where and to whom nobody of them must be sent: as if it had been said of the case just before
     */
    public record PackageOfNeeds(
            @NotNull @Size(min = 2, max = 20) List<@Valid @NotNull LegOfPackage> legs,
            @Nullable @Valid ToAvoid avoid) {}

    /**
     * @param name for the other legs of this request to call it by; kept nowhere
     * @param circumstances of the person whose need it is that decide whether a service can take them
     * @param after legs that must come first
     * @param together legs with the same word here go to the same place
     * @param accompanying whose need it is, where it is not that of the person of the case; nobody is reported to the police
     *     without consent for their sake: whom the law has reported has a case of their own
     */
    public record LegOfPackage(
            @NotNull @Pattern(regexp = NAME) String name,
            @NotNull ServiceType service,
            @NotNull Urgency urgency,
            @NotNull Place place,
            @Nullable @Size(min = 1, max = 5) List<@NotNull Language> languages,
            @Nullable @Size(min = 1, max = 10) List<@NotNull Circumstance> circumstances,
            @Nullable @Size(max = 19) List<@Valid @NotNull Before> after,
            @Nullable @Pattern(regexp = NAME) String together,
            @Nullable @Valid SomebodyElse accompanying) {}

    /** @param leg by its name */
    public record Before(@NotNull @Pattern(regexp = NAME) String leg, Leg.@NotNull Until until) {}

    /** A child with its mother, say: age in years and sex, and no more. */
    public record SomebodyElse(
            @NotNull @Min(0) @Max(130) Integer age, @NotNull Sex sex) {}

    /** The needs in the order in which they were given. */
    public record StatedPackage(PackageId packageId, List<StatedLeg> legs, long version) {}

    /** @param dueAt when it must be answered; counted from now, also while it waits for another leg */
    public record StatedLeg(String name, NeedId needId, Instant dueAt) {}

    @POST
    @AccessTo("case.need")
    @Operation(
            summary = "State several needs that belong together",
            description =
                    "All of them or none. Each is referred by itself; one that must come after another waits for it,"
                            + " those that belong together are offered to one place. Nobody's clock waits.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = StatedPackage.class)))
    public Uni<Response> state(String caseCode, @Valid @NotNull PackageOfNeeds request) {
        PackageId id = new PackageId(UUID.randomUUID());
        Map<String, NeedId> byName = new LinkedHashMap<>();
        for (int at = 0; at < request.legs().size(); at++) {
            if (byName.put(request.legs().get(at).name(), new NeedId(UUID.randomUUID())) != null) {
                throw Refusal.of("package-leg-unknown")
                        .field("legs[" + at + "].name")
                        .invalid();
            }
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<StateNeed> legs = new ArrayList<>();
        for (int at = 0; at < request.legs().size(); at++) {
            legs.add(need(id, request.legs(), at, byName, now));
        }
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.add(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        avoidances.before(request.avoid(), new StatePackage(legs, now)),
                        request,
                        handled -> Answer.created(
                                "/identification/cases/" + admitted.code(),
                                new StatedPackage(id, stated(byName, handled), handled.version()))));
    }

    private StateNeed need(PackageId id, List<LegOfPackage> all, int at, Map<String, NeedId> byName, Instant now) {
        LegOfPackage leg = all.get(at);
        List<Leg.After> after = new ArrayList<>();
        List<Before> before = leg.after() == null ? List.of() : leg.after();
        for (int one = 0; one < before.size(); one++) {
            NeedId need = byName.get(before.get(one).leg());
            if (need == null) {
                throw Refusal.of("package-leg-unknown")
                        .field("legs[" + at + "].after[" + one + "].leg")
                        .invalid();
            }
            after.add(new Leg.After(need, before.get(one).until()));
        }
        List<NeedId> together = leg.together() == null
                ? List.of()
                : all.stream()
                        .filter(other -> !other.name().equals(leg.name())
                                && leg.together().equals(other.together()))
                        .map(other -> Objects.requireNonNull(byName.get(other.name())))
                        .toList();
        SomebodyElse other = leg.accompanying();
        return new StateNeed(
                Objects.requireNonNull(byName.get(leg.name())),
                leg.service(),
                leg.urgency(),
                leg.place(),
                leg.languages(),
                leg.circumstances(),
                other == null ? null : new Accompanying(other.age(), other.sex()),
                new Leg(id, after, together),
                countries.of(leg.place()),
                now);
    }

    private static List<StatedLeg> stated(Map<String, NeedId> byName, Handled<CaseFile, CaseEvent> handled) {
        List<StatedLeg> legs = new ArrayList<>();
        byName.forEach((name, id) -> handled.events().stream()
                .filter(event ->
                        event instanceof NeedStated stated && stated.need().id().equals(id))
                .forEach(event -> legs.add(
                        new StatedLeg(name, id, ((NeedStated) event).need().dueAt()))));
        return legs;
    }
}
