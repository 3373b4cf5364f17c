package org.passerelle.reporting.console;

import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Problems;
import org.passerelle.reporting.ReportingSettings;
import org.passerelle.reporting.funnel.FunnelQuestion;
import org.passerelle.reporting.funnel.rest.FunnelAsked;
import org.passerelle.reporting.funnel.rest.FunnelCounting;

/** The funnel as a page, for those who may see exact counts. */
@Path("/pages/funnel")
public class FunnelPage {
    private final Frames frames;
    private final FunnelCounting counting;
    private final SecurityIdentity identity;
    private final Problems problems;
    private final Map<String, String> placeNames;

    @Inject
    FunnelPage(
            Frames frames,
            FunnelCounting counting,
            SecurityIdentity identity,
            Problems problems,
            ReportingSettings settings) {
        this.frames = frames;
        this.counting = counting;
        this.identity = identity;
        this.problems = problems;
        this.placeNames = settings.placeNames();
    }

    @GET
    @AccessTo("funnel.read")
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public Uni<TemplateInstance> page(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("place") @Nullable String place) {
        Frame frame = frames.frame(userName());
        YearMonth now = counting.thisMonth();
        return counting.places().flatMap(places -> switch (FunnelAsked.read(from, to, place, now)) {
            case FunnelAsked.Clear clear -> counted(frame, clear.question(), places);
            case FunnelAsked.Unclear unclear -> {
                FunnelQuestion usual = FunnelQuestion.lastTwelveMonths(now);
                yield Uni.createFrom()
                        .item(ConsoleTemplates.funnel(
                                frame,
                                new FunnelView(
                                        from == null ? usual.from().toString() : from,
                                        to == null ? usual.to().toString() : to,
                                        FunnelView.choices(places, place, frame.w(), placeNames),
                                        new FunnelView.FieldError(unclear.field(), explained(frame, unclear)),
                                        null)));
            }
        });
    }

    private Uni<TemplateInstance> counted(Frame frame, FunnelQuestion question, List<String> places) {
        return counting.count(question)
                .map(funnel -> ConsoleTemplates.funnel(
                        frame,
                        new FunnelView(
                                question.from().toString(),
                                question.to().toString(),
                                FunnelView.choices(places, question.place(), frame.w(), placeNames),
                                null,
                                FunnelView.found(funnel, frame.w(), placeNames))));
    }

    private String explained(Frame frame, FunnelAsked.Unclear unclear) {
        return problems.text(frame.w().language().locale(), unclear.code() + ".detail");
    }

    private @Nullable String userName() {
        return identity.getPrincipal() instanceof JsonWebToken token ? token.<String>getClaim("name") : null;
    }
}
