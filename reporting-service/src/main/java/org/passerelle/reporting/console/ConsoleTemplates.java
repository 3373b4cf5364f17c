package org.passerelle.reporting.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.passerelle.edge.Problem;

/** The pages, as {@code templates/*.html}; the build checks what they say of these types. */
@CheckedTemplate(basePath = "")
final class ConsoleTemplates {
    private ConsoleTemplates() {}

    static native TemplateInstance start(
            Frame frame, List<StartPage.System> systems, List<DemonstrationUsers.OfRole> users);

    static native TemplateInstance funnel(Frame frame, FunnelView view);

    static native TemplateInstance outcomes(Frame frame, OutcomesView view);

    static native TemplateInstance problem(Frame frame, Problem problem);
}
