package org.passerelle.local;

import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.Route;
import okhttp3.Headers;

/** The page on which one picks whom to be. French unless the browser asks for Spanish or English. */
final class LoginPage implements Route {
    private static final List<Locale> LANGUAGES = List.of(Locale.FRENCH, Locale.of("es"), Locale.ENGLISH);

    private final List<LoginUser> users;

    LoginPage(List<LoginUser> users) {
        this.users = List.copyOf(users);
    }

    @Override
    public boolean match(OAuth2HttpRequest request) {
        return request.getMethod().equals("GET")
                && request.getOriginalUrl().encodedPath().endsWith("/authorize");
    }

    @Override
    public OAuth2HttpResponse invoke(OAuth2HttpRequest request) {
        var language = language(request.getHeaders().get("Accept-Language"));
        var headers = Headers.of(
                "Content-Type", "text/html; charset=utf-8",
                "Content-Language", language.getLanguage(),
                "Cache-Control", "no-store");
        return new OAuth2HttpResponse(headers, 200, html(language), null);
    }

    private static Locale language(@org.jspecify.annotations.Nullable String accepted) {
        if (accepted == null || accepted.isBlank()) {
            return Locale.FRENCH;
        }
        try {
            var best = Locale.lookup(Locale.LanguageRange.parse(accepted), LANGUAGES);
            return best == null ? Locale.FRENCH : best;
        } catch (IllegalArgumentException malformed) {
            return Locale.FRENCH;
        }
    }

    private String html(Locale language) {
        var texts = ResourceBundle.getBundle(
                "org.passerelle.local.login",
                language,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
        var rows = users.stream().map(user -> row(user, texts)).collect(Collectors.joining("\n"));
        return """
                <!doctype html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; color: #1a1a1a; }
                h1 { font-size: 1.5rem; }
                ul { list-style: none; padding: 0; }
                li { margin: 0.4rem 0; }
                button { width: 100%%; text-align: left; padding: 0.7rem 1rem; font: inherit; background: #f2f6f8; border: 1px solid #54707e; border-radius: 4px; cursor: pointer; }
                button:hover, button:focus { background: #dcebf2; outline: 3px solid #f0a30a; }
                .roles { color: #3c4f59; font-size: 0.9rem; }
                </style>
                </head>
                <body>
                <main>
                <h1>%s</h1>
                <p>%s</p>
                <form method="post">
                <ul>
                %s
                </ul>
                </form>
                </main>
                </body>
                </html>
                """.formatted(
                        language.getLanguage(),
                        escaped(texts.getString("title")),
                        escaped(texts.getString("heading")),
                        escaped(texts.getString("explanation")),
                        rows);
    }

    private static String row(LoginUser user, ResourceBundle texts) {
        var roles = user.roles().stream()
                .map(role -> texts.containsKey("role." + role) ? texts.getString("role." + role) : role)
                .collect(Collectors.joining(", "));
        return "<li><button name=\"username\" value=\"%s\">%s <span class=\"roles\">%s</span></button></li>"
                .formatted(escaped(user.username()), escaped(user.name()), escaped(roles));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
