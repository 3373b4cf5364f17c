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
import java.util.List;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Problems;
import org.passerelle.reporting.funnel.FunnelQuestion;
import org.passerelle.reporting.funnel.rest.FunnelAsked;
import org.passerelle.reporting.outcomes.rest.OutcomeCounting;

/** Investigations and hand-overs as a page, for those who may see exact counts. */
@Path("/pages/outcomes")
public class OutcomesPage {
    private final Frames frames;
    private final OutcomeCounting counting;
    private final SecurityIdentity identity;
    private final Problems problems;

    @Inject
    OutcomesPage(Frames frames, OutcomeCounting counting, SecurityIdentity identity, Problems problems) {
        this.frames = frames;
        this.counting = counting;
        this.identity = identity;
        this.problems = problems;
    }

    @GET
    @AccessTo("funnel.read")
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public Uni<TemplateInstance> page(
            @QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to) {
        Frame frame = frames.frame(
                identity.getPrincipal() instanceof JsonWebToken token ? token.<String>getClaim("name") : null);
        return switch (FunnelAsked.read(from, to, null, counting.thisMonth())) {
            case FunnelAsked.Clear clear ->
                counting.count(clear.question())
                        .map(outcomes -> ConsoleTemplates.outcomes(frame, OutcomesView.found(outcomes, frame.w())));
            case FunnelAsked.Unclear unclear -> {
                FunnelQuestion usual = FunnelQuestion.lastTwelveMonths(counting.thisMonth());
                yield Uni.createFrom()
                        .item(ConsoleTemplates.outcomes(
                                frame,
                                new OutcomesView(
                                        from == null ? usual.from().toString() : from,
                                        to == null ? usual.to().toString() : to,
                                        new FunnelView.FieldError(
                                                unclear.field(),
                                                problems.text(
                                                        frame.w().language().locale(), unclear.code() + ".detail")),
                                        null,
                                        List.of())));
            }
        };
    }
}
