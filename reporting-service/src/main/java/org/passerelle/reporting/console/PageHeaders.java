package org.passerelle.reporting.console;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.NewCookie;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.passerelle.edge.Problem;
import org.passerelle.reporting.language.Language;

/** What a browser is told with every page, and how a problem looks to somebody who reads pages. */
public class PageHeaders {
    private static final Duration REMEMBERED = Duration.ofDays(365);

    private final Frames frames;
    private final String root;
    private final String contentSecurity;
    private final boolean secureCookies;

    @Inject
    PageHeaders(
            Frames frames,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> loginServer,
            @ConfigProperty(name = "quarkus.http.root-path") String rootPath,
            @ConfigProperty(name = "passerelle.console.secure-cookies") boolean secureCookies) {
        this.root = rootPath + "/";
        this.frames = frames;
        this.secureCookies = secureCookies;
        // A form whose session has ended is answered with the way to the login server; browsers take that as its
        // target.
        this.contentSecurity = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
                + " frame-ancestors 'none'; form-action 'self'"
                + loginServer.map(PageHeaders::origin).orElse("");
    }

    private static String origin(String address) {
        URI uri = URI.create(address);
        return uri.getHost() == null ? "" : " " + uri.getScheme() + "://" + uri.getAuthority();
    }

    @ServerResponseFilter
    public void decorate(ContainerRequestContext request, ContainerResponseContext response) {
        String path = request.getUriInfo().getRequestUri().getPath();
        if (!path.equals(root) && !path.startsWith(root + "pages/")) {
            return;
        }
        if (response.getEntity() instanceof Problem problem) {
            String page = ConsoleTemplates.problem(frames.frame(null), problem).render();
            response.setEntity(page, null, MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"));
        }
        MultivaluedMap<String, Object> headers = response.getHeaders();
        headers.putSingle("Content-Security-Policy", contentSecurity);
        headers.putSingle("Cross-Origin-Opener-Policy", "same-origin");
        headers.putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.putSingle(HttpHeaders.VARY, "Accept-Language, Cookie");
        Language.ofCode(request.getUriInfo().getQueryParameters().getFirst(Frames.LANGUAGE))
                .ifPresent(language -> headers.add(HttpHeaders.SET_COOKIE, remembering(language)));
    }

    private NewCookie remembering(Language language) {
        return new NewCookie.Builder(Frames.LANGUAGE)
                .value(language.code())
                .path(root)
                .maxAge((int) REMEMBERED.toSeconds())
                .httpOnly(true)
                .secure(secureCookies)
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }
}
