package org.passerelle.identification.erasing.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ResourceBundle;
import org.passerelle.identification.erasing.ErasureReason;

/** The certificate of an erasure as a page that prints on one sheet: codes and dates, nobody's name. */
final class Certificate {

    /** It loads nothing and runs nothing. */
    static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private static final ObjectMapper CODES = new ObjectMapper();
    private static final List<String> REMAINS =
            List.of("remains.codes", "remains.consent", "remains.account", "remains.proof");

    private final Locale locale;
    private final ResourceBundle words;

    Certificate(Locale locale) {
        this.locale = locale;
        this.words = ResourceBundle.getBundle(
                "certificate",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    String of(ErasureView view) {
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html><html lang=\"")
                .append(locale.getLanguage())
                .append("\"><head><meta charset=\"utf-8\">");
        page.append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(word("title"));
        page.append("</title><style>body{font:12pt/1.5 serif;max-width:38em;margin:3em auto;padding:0 1em}"
                + "dt{font-weight:bold}dd{margin:0 0 .6em 0}@page{margin:2cm}</style></head><body><h1>");
        page.append(word("title")).append("</h1><p>").append(word("statement")).append("</p><dl>");
        line(page, "case", view.caseCode().text());
        line(page, "reason", words.getString("reason." + code(Objects.requireNonNull(view.reason()))));
        line(page, "basis", Objects.requireNonNull(view.legalBasis()));
        line(page, "requested", moment(Objects.requireNonNull(view.requestedAt())));
        line(page, "erased", moment(Objects.requireNonNull(view.erasedAt())));
        line(page, "final", day(Objects.requireNonNull(view.finalOn())));
        page.append("</dl><p>").append(word(view.state().equals("final") ? "isFinal" : "notYetFinal"));
        page.append("</p><h2>").append(word("remains")).append("</h2><ul>");
        REMAINS.forEach(key -> page.append("<li>").append(word(key)).append("</li>"));
        return page.append("</ul></body></html>").toString();
    }

    private void line(StringBuilder page, String key, String value) {
        page.append("<dt>")
                .append(word(key))
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd>");
    }

    private String word(String key) {
        return escaped(words.getString(key));
    }

    private static String code(ErasureReason reason) {
        return CODES.convertValue(reason, String.class);
    }

    private String moment(java.time.Instant instant) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                        .withLocale(locale)
                        .format(instant.atZone(ZoneOffset.UTC))
                + " UTC";
    }

    private String day(java.time.LocalDate date) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale)
                .format(date);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
