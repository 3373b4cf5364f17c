package org.passerelle.reporting.console;

import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.passerelle.edge.AccessTo;

/** The first page: what this is, who can log in, and where everything else is. It says nothing of any case. */
@Path("/")
public class StartPage {
    private static final List<System> SYSTEMS = List.of(
            new System("identification"), new System("referral"), new System("assistance"), new System("reporting"));

    private final Frames frames;
    private final DemonstrationUsers users;

    @Inject
    StartPage(Frames frames, DemonstrationUsers users) {
        this.frames = frames;
        this.users = users;
    }

    /** One of the four services, with its REST interface. */
    public record System(String name) {
        public String openapi() {
            return "/" + name + "/openapi";
        }

        public String tryPage() {
            return "/" + name + "/try";
        }
    }

    @GET
    @AccessTo(AccessTo.ANYONE)
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance page() {
        return ConsoleTemplates.start(frames.frame(null), SYSTEMS, users.byRole());
    }
}
