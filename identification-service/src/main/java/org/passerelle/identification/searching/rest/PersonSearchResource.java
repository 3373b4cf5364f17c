package org.passerelle.identification.searching.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.searching.Tokens;
import org.passerelle.identification.searching.index.PersonIndex;

/**
 * Has one's own organisation found this person before? Of others' cases nothing is told, not even that there are any. What
 * is looked for comes in the body, never in an address, and is kept nowhere; that somebody looked is recorded.
 */
@Path("/searches/persons")
@Tag(name = "Cases")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PersonSearchResource {

    /** Whoever finds more is told to say more. */
    private static final int MOST = 20;

    private static final int LEAST_TOKENS = 2;
    private static final int MOST_TOKENS = 12;

    @Inject
    PersonIndex index;

    @Inject
    Access access;

    @Inject
    Reads reads;

    /** Of numbers written without one, as {@code +257}; without it only international numbers are understood. */
    @ConfigProperty(name = "passerelle.phone.country-code")
    Optional<String> countryCode;

    /**
     * At least two words, or one and the birth date, or a telephone number.
     *
     * @param name      whole words in any order, accents and capitals left out or not
     * @param phone     as people write it
     * @param birthDate beside one of the others
     */
    public record PersonSought(
            @Nullable @Size(max = 200) String name,
            @Nullable @Size(max = 40) String phone,
            @Nullable LocalDate birthDate) {}

    /**
     * @param cases of the caller's own organisation where all of it was said, the newest first
     * @param more  whether there are more than {@value #MOST}
     */
    public record PersonsFound(List<PersonIndex.Match> cases, boolean more) {}

    @POST
    @AccessTo("person.search")
    @Operation(
            summary = "Find the cases of one's own organisation by a person's name, telephone or birth date",
            description = "Whole words only; accents, capitals and order make no difference. Each search is recorded.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = PersonsFound.class)))
    public Uni<Response> search(@Valid @NotNull PersonSought sought) {
        access.require(Relation.OWNING);
        Caller caller = access.caller();
        return index.find(organisation(caller), wanted(sought), caller.authority(), MOST + 1)
                .map(found -> new PersonsFound(found.stream().limit(MOST).toList(), found.size() > MOST))
                .call(found -> reads.record(
                        access,
                        found.cases().stream().map(PersonIndex.Match::caseCode).toList(),
                        "search"))
                .map(found -> Response.ok(found)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    private PersonIndex.Wanted wanted(PersonSought sought) {
        Set<String> names = Tokens.names(sought.name());
        String phone = sought.phone() == null
                ? null
                : Tokens.phone(sought.phone(), countryCode.orElse(null))
                        .orElseThrow(() ->
                                Refusal.of("phone-malformed").field("phone").invalid());
        int words = names.size() + (names.isEmpty() || sought.birthDate() == null ? 0 : 1);
        if (phone == null && words < LEAST_TOKENS || names.size() > MOST_TOKENS) {
            throw Refusal.of("search-too-wide").invalid();
        }
        return new PersonIndex.Wanted(names, phone, sought.birthDate());
    }

    private static OrganisationId organisation(Caller caller) {
        String organisation = caller.organisation();
        if (organisation == null) {
            throw Access.unknown();
        }
        return OrganisationId.of(organisation);
    }
}
