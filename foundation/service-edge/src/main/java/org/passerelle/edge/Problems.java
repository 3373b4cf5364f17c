package org.passerelle.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Makes problem responses. Texts are looked up by code, in the service's {@code problems_*.properties} and then in the
 * edge's own: {@code code} is the title, {@code code.detail} says what to do.
 */
@ApplicationScoped
public class Problems {

    private static final String TYPE = "urn:passerelle:problem:";

    @Inject
    HttpHeaders headers;

    public Response respond(int status, String code, @Nullable String field, Object... args) {
        return respond(status, code, field, null, args);
    }

    public Response respond(
            int status, String code, @Nullable String field, @Nullable Long currentVersion, Object... args) {
        Locale language = language();
        String title = text(language, code, args);
        List<Problem.FieldError> errors = field == null ? null : List.of(new Problem.FieldError(field, title));
        return respond(new Problem(
                TYPE + code, title, status, textOrNull(language, code + ".detail", args), errors, currentVersion));
    }

    /** One problem for several fields. */
    public Response invalid(int status, String code, List<Problem.FieldError> errors) {
        Locale language = language();
        return respond(new Problem(
                TYPE + code, text(language, code), status, textOrNull(language, code + ".detail"), errors, null));
    }

    private Response respond(Problem problem) {
        Response.ResponseBuilder response = Response.status(problem.status())
                .type("application/problem+json")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.CONTENT_LANGUAGE, language().getLanguage())
                .entity(problem);
        if (problem.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (problem.status() == 503) {
            response.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return response.build();
    }

    public Locale language() {
        try {
            return Languages.choose(headers.getAcceptableLanguages());
        } catch (WebApplicationException malformed) {
            // Whoever cannot say in what language they want to hear that they are wrong hears it all the same.
            return Languages.choose(List.of());
        }
    }

    /** The text of a code in the reader's language. */
    public String text(Locale language, String code, Object... args) {
        String text = textOrNull(language, code, args);
        return text == null ? code : text;
    }

    private static @Nullable String textOrNull(Locale language, String code, Object... args) {
        for (String bundle : List.of("problems", "edge-problems")) {
            try {
                String pattern = ResourceBundle.getBundle(
                                bundle,
                                language,
                                Thread.currentThread().getContextClassLoader(),
                                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES))
                        .getString(code);
                return new MessageFormat(pattern, language).format(args);
            } catch (MissingResourceException e) {
                // The next bundle may have it.
                continue;
            }
        }
        return null;
    }
}
