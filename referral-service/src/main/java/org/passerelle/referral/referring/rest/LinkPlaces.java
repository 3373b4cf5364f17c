package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.AppendRejected;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.Capacity;
import org.passerelle.referral.directory.CapacityDeclaring;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.directory.DirectoryStream.DeclareCapacity;
import org.passerelle.referral.directory.DirectoryStream.Figure;
import org.passerelle.referral.directory.ListedService;
import org.passerelle.referral.referring.Links;
import org.passerelle.referral.referring.Links.Link;
import org.passerelle.referral.referring.Offer;
import org.passerelle.referral.referring.Referral;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralStream;

/** What the service behind a link can take, said by whoever gives it to the person: of that service, and of no other. */
@ApplicationScoped
class LinkPlaces {

    /** As in the line of capacity. */
    static final int MOST = 999_999;

    private static final Pattern NUMBER = Pattern.compile("\\s*\\d{1,6}\\s*");

    /** How often it is planned again because somebody else was quicker. */
    private static final int ATTEMPTS = 10;

    @Inject
    EventStore store;

    @Inject
    CapacityDeclaring declaring;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    /** What it said last, of each thing that it counts; null where it is not theirs to say. */
    Uni<@Nullable List<Capacity>> said(Link link) {
        return store.load(referrals, ReferralStream.of(link.referral()))
                .flatMap(loaded -> given(link, loaded.state())
                        .map(service -> listed(link, service)
                                .map(listed ->
                                        listed.map(ListedService::capacities).orElse(null)))
                        .orElseGet(() -> Uni.createFrom().nullItem()));
    }

    /** No place left, of anything that it counts. */
    Uni<Void> full(Link link, Instant now) {
        return declare(
                link,
                now,
                known -> known.isEmpty()
                        ? List.of(new Figure(null, 0, null))
                        : known.stream()
                                .map(one -> new Figure(one.unit(), 0, null))
                                .toList());
    }

    /**
     * @param unit null where the service counts one thing; passed over where it counts nothing yet
     * @param places a number as somebody typed it
     */
    Uni<Void> left(Link link, @Nullable String unit, @Nullable String places, Instant now) {
        return declare(link, now, known -> {
            if (places == null || !NUMBER.matcher(places).matches()) {
                throw Refusal.of("places-wrong").invalid().field("places");
            }
            // where nothing is counted yet, what a link calls it is nobody's word: the directory shows it to everybody
            String counted = known.isEmpty() ? null : unit;
            return List.of(new Figure(counted, Integer.parseInt(places.strip()), null));
        });
    }

    /** What is true of the referral when it is decided is compared again by the append: an ended link says nothing. */
    private Uni<Void> declare(Link link, Instant now, Function<List<Capacity>, List<Figure>> figures) {
        StreamId referral = ReferralStream.of(link.referral());
        return store.load(referrals, referral)
                .flatMap(loaded -> {
                    ServiceId service = given(link, loaded.state()).orElseThrow(LinkPlaces::unknown);
                    StreamAppend asItIs =
                            referrals.append(referral, ExpectedVersion.exactly(loaded.version()), List.of());
                    return listed(link, service)
                            .map(listed ->
                                    listed.orElseThrow(LinkPlaces::unknown).capacities())
                            .map(known -> {
                                List<Figure> said = figures.apply(known);
                                return new DeclareCapacity(service, said, said.size() > 1, true, now);
                            })
                            .flatMap(
                                    declaration -> declaring.plan(new OrganisationId(link.organisation()), declaration))
                            .flatMap(plan -> append(link, asItIs, plan.appends()));
                })
                .onFailure(AppendRejected.VersionConflict.class)
                .retry()
                .atMost(ATTEMPTS);
    }

    private Uni<Void> append(Link link, StreamAppend asItIs, List<StreamAppend> planned) {
        if (planned.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<StreamAppend> appends = new ArrayList<>(planned);
        appends.add(asItIs);
        return store.append(new Append(appends, Links.by(link), null)).replaceWithVoid();
    }

    /** The service that is given by the link, while it opens anything; else empty. */
    private static Optional<ServiceId> given(Link link, Referral state) {
        return state instanceof Referral.Accepted accepted
                        && accepted.accepted().id().equals(link.offer())
                        && accepted.course().link(link.id()).isPresent()
                ? Optional.of(accepted.accepted()).map(Offer::service)
                : Optional.empty();
    }

    private Uni<Optional<ListedService>> listed(Link link, ServiceId service) {
        return store.load(DirectoryStream.KIND, DirectoryStream.of(new OrganisationId(link.organisation())))
                .map(loaded -> loaded.state().service(service));
    }

    private static Refusal unknown() {
        return Refusal.of("link-unknown").unknown();
    }
}
