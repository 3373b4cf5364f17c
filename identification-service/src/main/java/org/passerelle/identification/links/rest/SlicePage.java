package org.passerelle.identification.links.rest;

import jakarta.ws.rs.core.Response;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.edge.PlainPage;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.form.FormWords;
import org.passerelle.identification.reading.Slice;

/** What a ticket shows, in the reader's language. Nothing on it says why somebody is in the mechanism: screens are seen. */
final class SlicePage {

    private final Locale language;
    private final FormWords words;

    SlicePage(Locale language) {
        this.language = language;
        this.words = FormWords.in(language);
    }

    /** Forged, used, too old, or nothing to read: which of them is not told. */
    Response closed(int status) {
        return page(status, "<p class=\"alert\" role=\"alert\">" + say("link.closed") + "</p>");
    }

    /** @param ticket good once more, to reveal */
    Response slice(Slice slice, boolean revealed, String ticket) {
        StringBuilder body = new StringBuilder("<p>" + say("consent") + "</p><dl>");
        if (revealed) {
            row(
                    body,
                    "name",
                    Stream.of(slice.givenName(), slice.familyName())
                            .filter(part -> part != null && !part.isBlank())
                            .collect(Collectors.joining(" ")));
            row(body, "phone", slice.phone() == null ? "" : slice.phone().number());
        }
        // As in an account's slice without names.
        LocalDate born = slice.birthDate();
        row(
                body,
                "birthDate",
                born == null
                        ? ""
                        : DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                                .withLocale(language)
                                .format(born));
        row(body, "age", slice.age() == null ? "" : slice.age().toString());
        row(body, "child", words.of(slice.child() ? "yes" : "no"));
        row(body, "sex", words.sex(slice.sex()));
        row(
                body,
                "languages",
                slice.languages().stream()
                        .map(Language::code)
                        .map(words::language)
                        .collect(Collectors.joining(", ")));
        for (Slice.SliceNeed need : slice.needs()) {
            row(
                    body,
                    "needs",
                    words.of(
                            "need",
                            words.of("service." + need.service().name()),
                            words.of("urgency." + need.urgency().name().toLowerCase(Locale.ROOT)),
                            DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                                            .withLocale(language)
                                            .format(need.dueAt().atOffset(ZoneOffset.UTC))
                                    + " UTC"));
        }
        row(body, "code", slice.caseCode().text());
        body.append("</dl>");
        if (!revealed && !slice.sensitive().isEmpty()) {
            body.append("<form method=\"post\"><p>" + say("link.hidden")
                    + "</p><input type=\"hidden\" name=\"ticket\" value=\"" + PlainPage.escaped(ticket)
                    + "\"><button name=\"show\" value=\"names\">" + say("link.reveal") + "</button></form>");
        }
        return page(200, body.append("<p>" + say("link.care") + "</p>").toString());
    }

    private void row(StringBuilder body, String label, String value) {
        if (!value.isBlank()) {
            body.append("<dt>" + say(label) + "</dt><dd>" + PlainPage.escaped(value) + "</dd>");
        }
    }

    private String say(String key) {
        return PlainPage.escaped(words.of(key));
    }

    private Response page(int status, String body) {
        return PlainPage.of(status, language, words.of("link.title"), body);
    }
}
