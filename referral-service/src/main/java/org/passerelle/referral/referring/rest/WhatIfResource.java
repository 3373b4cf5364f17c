package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Problems;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.directory.Candidates;
import org.passerelle.referral.directory.DirectorySearch;
import org.passerelle.referral.directory.DirectorySearch.Names;
import org.passerelle.referral.referring.Experience;
import org.passerelle.referral.routing.Avoidance;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Need;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.PriorAnswers;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.RoutingPolicy;
import org.passerelle.referral.routing.Weights;
import org.passerelle.referral.texts.Texts;

/** Who could take a need like this, without a case and without leaving a trace. */
@Path("/routing")
@Tag(name = "Routing", description = "Who could take a need, and why each other service could not")
public class WhatIfResource {

    @Inject
    Pool pool;

    @Inject
    Candidates candidates;

    @Inject
    DirectorySearch directory;

    @Inject
    RoutingPolicy routing;

    @Inject
    Problems problems;

    @Inject
    Experience experience;

    @Inject
    Clock clock;

    @Inject
    Places register;

    /**
     * A need that nobody has stated.
     *
     * @param service service type code, e.g. SAFE_SHELTER
     * @param place   ISO 3166-2 code or p-code, or the code of a country
     * @param age     years; null when not known
     * @param child   treated as under 18
     * @param sex     HTCDS gender; not known when left out
     * @param urgency emergency, urgent or normal (when left out): decides which weights count
     * @param languages of the person, the best spoken first; ISO 639, three letters
     * @param circumstances of the person, as far as they are known
     * @param otherNeeds service type codes of the person's other needs: some services must not be combined with them
     * @param avoid where and to whom the person would not be sent
     * @param consent any recipient except authorities when left out
     */
    public record WhatIf(
            @NotNull String service,
            @NotNull String place,
            @Nullable @Min(0) @Max(150) Integer age,
            @Nullable Boolean child,
            @Nullable String sex,
            @Nullable String urgency,
            @Nullable @Size(max = 20) List<@NotNull @Pattern(regexp = "[a-z]{3}") String> languages,
            @Nullable @Size(max = 10) Set<@NotNull Circumstance> circumstances,
            @Nullable @Size(max = 27) Set<@NotNull ServiceType> otherNeeds,
            @Nullable @Valid WhatToAvoid avoid,
            @Nullable @Valid WhatConsent consent) {}

    /** @param places ISO 3166-2 codes of where the trafficker has reach */
    public record WhatToAvoid(
            @Nullable @Size(max = 50) List<@NotNull String> places,
            @Nullable @Size(max = 50) List<@Valid @NotNull OrganisationToAvoid> organisations) {}

    public record OrganisationToAvoid(
            @NotNull UUID organisationId, @NotNull WhyAvoided why) {}

    /**
     * What the person would agree to.
     *
     * @param recipients organisations; any when left out
     */
    public record WhatConsent(
            @Nullable @Size(max = 100) List<UUID> recipients,
            @Nullable Boolean authorities,
            @Nullable Boolean withheldFromAuthorities,
            @Nullable @Size(max = 100) List<UUID> withheldFrom) {}

    /**
     * What routing would say now.
     *
     * @param kept best first: the first would be asked
     * @param consentStands somebody could take it, if the person agreed to them
     * @param elsewhere how many more services of the type do not reach the place
     * @param otherTypes how many services of other types there are
     * @param weights what each soft rule counted
     */
    public record WouldBe(
            List<ServiceVerdict> kept,
            List<ServiceVerdict> leftOut,
            boolean consentStands,
            int elsewhere,
            int otherTypes,
            WeightsView weights) {}

    @POST
    @Path("/what-ifs")
    @AccessTo("routing.ask")
    @Operation(
            summary = "Who could take a need like this now",
            description = "The same rules, the same sentences as a real routing: for every service of the type that"
                    + " reaches the place, and up to 100 that do not. Concerns no case, and nothing is recorded or"
                    + " offered.")
    public Uni<WouldBe> whatIf(@NotNull @Valid WhatIf asked) {
        ServiceType type = ServiceType.byCode(asked.service())
                .orElseThrow(() -> Refusal.of("unknown-service-type").invalid().field("service"));
        Need need = new Need(
                type,
                place(asked.place(), "place"),
                asked.age(),
                isChild(asked),
                sex(asked.sex()),
                urgency(asked.urgency()),
                asked.languages() == null ? List.of() : asked.languages(),
                asked.circumstances() == null ? Set.of() : asked.circumstances());
        Set<ServiceType> otherNeeds = asked.otherNeeds() == null ? Set.of() : asked.otherNeeds();
        ConsentTerms consent = consent(asked.consent());
        Texts texts = Texts.in(problems.language());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Avoidance avoidance = avoidance(asked.avoid(), LocalDate.ofInstant(now, ZoneOffset.UTC));
        Uni<Ranking> ranked = candidates
                .around(pool, type, need.place(), Set.of())
                .flatMap(among -> experience
                        .of(pool, null, need.place(), among, now)
                        .map(known -> routing.rank(
                                need,
                                among,
                                consent,
                                PriorAnswers.NONE,
                                known.beside(otherNeeds).avoiding(avoidance))));
        return ranked.flatMap(ranking -> {
            Weights weights = Objects.requireNonNull(ranking.weights());
            return directory.names(services(ranking)).map(names -> {
                Map<UUID, Names> byService = ServiceVerdict.byService(names);
                return new WouldBe(
                        ServiceVerdict.of(ranking.kept(), weights, byService, texts),
                        ServiceVerdict.leftOut(ranking.leftOut(), byService, texts),
                        ranking.consentStands(),
                        ranking.elsewhere(),
                        ranking.otherTypes(),
                        WeightsView.of(weights));
            });
        });
    }

    private Avoidance avoidance(@Nullable WhatToAvoid asked, LocalDate day) {
        if (asked == null) {
            return Avoidance.NONE;
        }
        Set<PlaceCode> places = new HashSet<>();
        List<String> codes = asked.places() == null ? List.of() : asked.places();
        for (int at = 0; at < codes.size(); at++) {
            places.add(place(codes.get(at), "avoid.places[" + at + "]"));
        }
        Map<OrganisationId, WhyAvoided> organisations = new HashMap<>();
        if (asked.organisations() != null) {
            asked.organisations()
                    .forEach(one -> organisations.put(new OrganisationId(one.organisationId()), one.why()));
        }
        return Avoidance.of(places, organisations, register, day);
    }

    private static Set<UUID> services(Ranking ranking) {
        return Stream.concat(ranking.kept().stream(), ranking.leftOut().stream())
                .map(verdict -> verdict.service().value())
                .collect(Collectors.toSet());
    }

    private static PlaceCode place(String code, String field) {
        if (!PlaceCode.isPlaceCode(code)) {
            throw Refusal.of("unknown-place").invalid().field(field);
        }
        return new PlaceCode(code);
    }

    private static boolean isChild(WhatIf asked) {
        return asked.child() == null ? asked.age() != null && asked.age() < 18 : asked.child();
    }

    private static Sex sex(@Nullable String code) {
        return code == null
                ? Sex.NON_SPECIFIED_UNKNOWN
                : Sex.byCode(code)
                        .orElseThrow(() -> Refusal.of("unknown-sex").invalid().field("sex"));
    }

    private static Urgency urgency(@Nullable String code) {
        return code == null
                ? Urgency.NORMAL
                : Urgency.byCode(code)
                        .orElseThrow(
                                () -> Refusal.of("unknown-urgency").invalid().field("urgency"));
    }

    private static ConsentTerms consent(@Nullable WhatConsent given) {
        if (given == null) {
            return new ConsentTerms(true, true, Set.of(), false, false, Set.of());
        }
        return new ConsentTerms(
                true,
                given.recipients() == null,
                organisations(given.recipients()),
                Boolean.TRUE.equals(given.authorities()),
                Boolean.TRUE.equals(given.withheldFromAuthorities()),
                organisations(given.withheldFrom()));
    }

    private static Set<OrganisationId> organisations(@Nullable List<UUID> ids) {
        return ids == null ? Set.of() : ids.stream().map(OrganisationId::new).collect(Collectors.toSet());
    }
}
