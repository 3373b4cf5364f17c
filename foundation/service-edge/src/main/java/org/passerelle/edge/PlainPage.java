package org.passerelle.edge;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;

/**
 * A page for whoever has no account, on any telephone: plain HTML without a script, kept by nobody. Its forms go to this
 * installation only.
 */
public final class PlainPage {

    private static final String STYLE =
            "body{font:1.1rem/1.5 sans-serif;max-width:36rem;margin:1rem auto;padding:0 1rem;"
                    + "color:#111;background:#fff}dt{font-weight:bold}dd{margin:0 0 .6rem}label{display:block;margin:.6rem 0 .2rem}"
                    + "input,select,textarea,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box}"
                    + "button{margin:.8rem 0;background:#0b4f3a;color:#fff;border:0;font-weight:bold}"
                    + "button[value=decline]{background:#555}summary{padding:.8rem 0;border-top:1px solid #999;margin-top:1rem}"
                    + "#code{font-size:1.8rem;letter-spacing:.3rem}"
                    + "form{border-top:1px solid #999;margin-top:1rem}.done{border-left:.4rem solid #0b4f3a;padding:.4rem .8rem}.alert{border-left:.4rem solid #b00020;padding:.4rem .8rem}";

    private PlainPage() {}

    /**
     * @param title as text
     * @param body  as HTML, whatever comes from outside {@link #escaped}
     */
    public static Response of(int status, Locale language, String title, String body) {
        String heading = escaped(title);
        return Response.status(status)
                .type("text/html;charset=UTF-8")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.CONTENT_LANGUAGE, language.getLanguage())
                .header("Referrer-Policy", "no-referrer")
                .header("X-Robots-Tag", "noindex")
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none';"
                                + " base-uri 'none'")
                .entity("<!doctype html><html lang=\"" + language.getLanguage()
                        + "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                        + "<title>" + heading + "</title><style>" + STYLE + "</style></head><body><main><h1>"
                        + heading + "</h1>" + body + "</main></body></html>")
                .build();
    }

    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
