package org.passerelle.edge;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * What a browser is told with every answer that says nothing else itself: keep it nowhere, run nothing of it, show it in no
 * frame and to no other site. Pages loosen it for themselves. What holds of the try-it page and of documents too stands in
 * {@code quarkus.http.header}.
 */
public class AnswerHeaders {

    private static final Map<String, String> UNLESS_SAID = Map.of(
            HttpHeaders.CACHE_CONTROL,
            "no-store",
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    @ServerResponseFilter
    public void tell(ContainerRequestContext request, ContainerResponseContext response) {
        UNLESS_SAID.forEach((header, value) -> {
            if (!response.getHeaders().containsKey(header)) {
                response.getHeaders().putSingle(header, value);
            }
        });
    }
}
