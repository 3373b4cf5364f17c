package org.passerelle.reporting.console;

import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.language.Language;

/** Makes the frame of a page from the request: its language, and the way to the others. */
@ApplicationScoped
public class Frames {
    /** Both the query parameter and the cookie that remembers it. */
    static final String LANGUAGE = "lang";

    private static final List<String> FILTER = List.of("from", "to", "place");

    private final UriInfo uri;
    private final HttpHeaders headers;
    private final boolean demonstration;

    @Inject
    Frames(UriInfo uri, HttpHeaders headers) {
        this.uri = uri;
        this.headers = headers;
        this.demonstration = ConfigUtils.isProfileActive("local");
    }

    /** For the request that is being answered. */
    public Frame frame(@Nullable String userName) {
        Language language = language();
        List<Frame.LanguageLink> languages = Arrays.stream(Language.values())
                .map(other -> new Frame.LanguageLink(
                        other.code(), other.ownName(), href(uri.getQueryParameters(), other), other == language))
                .toList();
        return new Frame(Words.in(language), demonstration, userName, languages);
    }

    /** The link says more than the cookie, the cookie more than the browser. */
    private Language language() {
        @Nullable Cookie cookie = headers.getCookies().get(LANGUAGE);
        return Language.ofCode(uri.getQueryParameters().getFirst(LANGUAGE))
                .or(() -> Language.ofCode(cookie == null ? null : cookie.getValue()))
                .orElseGet(() -> Language.accepted(headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE)));
    }

    /** Relative to the page, with the filter that was asked for. */
    private static String href(MultivaluedMap<String, String> parameters, Language language) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String name : FILTER) {
            @Nullable String value = parameters.getFirst(name);
            if (value != null) {
                query.put(name, value);
            }
        }
        query.put(LANGUAGE, language.code());
        return query.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
