package org.passerelle.referral.referring.rest;

import jakarta.ws.rs.core.Response;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.PlainPage;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.directory.Capacity;
import org.passerelle.referral.referring.DeclineReason;
import org.passerelle.referral.referring.HowItGoes;
import org.passerelle.referral.referring.Outcome;
import org.passerelle.referral.referring.Worklists.OfferView;
import org.passerelle.referral.referring.Worklists.ReferralView;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.texts.Texts;

/** What a link shows, in the reader's language: plain HTML without a script, for any telephone. */
final class LinkPage {

    /** Where identification-service answers, under the one name that the services share. */
    private static final String SLICE = "/identification/links/slice";

    /** A yes to a request that was moved to others counts like one that comes late. */
    private static final Set<String> STILL_ANSWERED = Set.of("open", "expired", "withdrawn");

    private final Locale language;
    private final Texts texts;
    private final Places places;
    private final ZoneId zone;

    /** @param zone where the readers are */
    LinkPage(Locale language, Places places, ZoneId zone) {
        this.language = language;
        this.zone = zone;
        this.texts = Texts.in(language);
        this.places = places;
    }

    /** A field for the code, and nothing else. */
    Response door(boolean again, int status) {
        String alert = again ? "<p class=\"alert\" role=\"alert\">" + say("link.not-open") + "</p>" : "";
        return page(
                status,
                alert + "<p>" + say("link.door") + "</p><form method=\"post\"><label for=\"code\">" + say("link.code")
                        + "</label><input id=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"off\""
                        + " maxlength=\"7\" required autofocus><button name=\"action\" value=\"look\">"
                        + say("link.open")
                        + "</button></form>");
    }

    /** What came of what was said. */
    enum Notice {
        NONE,
        /** Passed on to the sender. */
        RECORDED,
        /** Of the service's places. */
        PLACES_NOTED,
        PLACES_WRONG
    }

    /**
     * @param slices whether this installation shows by links what was agreed to be told
     * @param places what the service said last that it can take; null where it is not theirs to say
     */
    Response summary(
            ReferralView referral,
            OfferId offer,
            String code,
            boolean slices,
            @Nullable List<Capacity> places,
            Notice notice) {
        Optional<OfferView> own = referral.offers().stream()
                .filter(one -> one.offerId().equals(offer.value()))
                .findFirst();
        String standing = own.map(OfferView::state).orElse("");
        StringBuilder body = new StringBuilder("<dl>");
        row(body, "link.service", texts.say("link.service." + referral.service()));
        row(body, "link.urgency", say("link.urgency." + referral.urgency()));
        row(body, "link.place", this.places.name(new PlaceCode(referral.place())));
        row(body, "link.age", referral.ageBand());
        row(body, "link.circumstances", circumstances(referral.circumstances()));
        own.filter(one -> standing.equals("open") && !referral.hasEnded())
                .ifPresent(one -> row(body, "link.answer-by", time(one.answerBy())));
        row(body, "link.due", time(referral.dueAt()));
        row(body, "link.state", say("link.state." + state(referral, standing)));
        body.append("</dl>");
        String hidden = "<form method=\"post\"><input type=\"hidden\" name=\"code\" value=\"" + escaped(code) + "\">";
        if (!referral.hasEnded() && STILL_ANSWERED.contains(standing)) {
            body.append(hidden).append(button("accept")).append("</form>");
        }
        if (!referral.hasEnded() && standing.equals("open")) {
            // Folded, so that a tired thumb does not decline.
            body.append("<details><summary>" + say("link.do.decline") + "…</summary>")
                    .append(hidden)
                    .append(choice(
                            "reason",
                            Arrays.stream(DeclineReason.values())
                                    .map(DeclineReason::code)
                                    .toList()))
                    .append(note())
                    .append(button("decline"))
                    .append("</form></details>");
        }
        if (standing.equals("accepted")) {
            boolean goesOn = referral.stopped() == null;
            if (slices && goesOn) {
                body.append(hidden).append(button("agreed")).append("</form>");
            }
            if (referral.begunAt() == null && goesOn) {
                body.append(hidden).append(button("first-contact")).append("</form>");
            } else if (referral.state().equals("in-progress")) {
                body.append(hidden)
                        .append(choice(
                                "progress",
                                Arrays.stream(HowItGoes.values())
                                        .map(HowItGoes::code)
                                        .toList()))
                        .append(note())
                        .append(button("report"))
                        .append("</form>");
            }
            body.append(hidden)
                    .append(choice(
                            "outcome",
                            Arrays.stream(Outcome.values()).map(Outcome::code).toList()))
                    .append(note())
                    .append(button("complete"))
                    .append("</form>");
        }
        if (places != null) {
            places(body, hidden, places);
        }
        return page(notice == Notice.PLACES_WRONG ? 422 : 200, notice(notice) + body);
    }

    private String notice(Notice notice) {
        return switch (notice) {
            case NONE -> "";
            case RECORDED -> done("link.done");
            case PLACES_NOTED -> done("link.places.noted");
            case PLACES_WRONG -> "<p class=\"alert\" role=\"alert\">" + say("link.places.wrong") + "</p>";
        };
    }

    private String done(String text) {
        return "<p class=\"done\" role=\"status\">" + say(text) + "</p>";
    }

    /** One click where it is full; else a number, of each thing that it counts. */
    private void places(StringBuilder body, String hidden, List<Capacity> said) {
        String last = said.stream()
                .map(one -> one.unit() + " " + one.available() + (one.maximum() == null ? "" : "/" + one.maximum()))
                .collect(Collectors.joining(", "));
        body.append("<h2>")
                .append(say("link.places"))
                .append("</h2><p>")
                .append(last.isEmpty() ? say("link.places.none") : escaped(texts.say("link.places.said", last)))
                .append("</p>")
                .append(hidden)
                .append(button("full"))
                .append("</form>");
        if (said.isEmpty()) {
            places(body, hidden, "", say("link.places.now"), null);
        }
        for (Capacity one : said) {
            String unit = escaped(one.unit());
            places(
                    body,
                    hidden,
                    "<input type=\"hidden\" name=\"unit\" value=\"" + unit + "\">",
                    say("link.places.now") + (said.size() > 1 ? " (" + unit + ")" : ""),
                    one.maximum());
        }
    }

    private void places(StringBuilder body, String hidden, String unit, String label, @Nullable Integer maximum) {
        body.append(hidden)
                .append(unit)
                .append("<label>")
                .append(label)
                .append("<input name=\"places\" type=\"number\" inputmode=\"numeric\" min=\"0\" max=\"")
                .append(maximum == null ? LinkPlaces.MOST : maximum)
                .append("\" required></label>")
                .append(button("places"))
                .append("</form>");
    }

    /** Where what was agreed to be told is read: at another service, which alone knows it. */
    Response agreed(String ticket) {
        return page(
                200,
                "<p>" + say("link.agreed") + "</p><form method=\"post\" action=\"" + SLICE
                        + "\"><input type=\"hidden\" name=\"ticket\" value=\"" + escaped(ticket) + "\"><button>"
                        + say("link.agreed.open") + "</button></form>");
    }

    private String time(OffsetDateTime at) {
        String time = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                .withLocale(language)
                .format(at.atZoneSameInstant(zone));
        return zone.normalized().equals(ZoneOffset.UTC) ? time + " UTC" : time;
    }

    private static String state(ReferralView referral, String standing) {
        if (referral.hasEnded()) {
            return "ended";
        }
        return switch (standing) {
            case "open" -> "open";
            case "accepted" ->
                referral.stopped() != null ? "stopped" : referral.begunAt() == null ? "accepted" : "begun";
            case "late" -> "late";
            case "expired", "withdrawn" -> "expired";
            default -> "over";
        };
    }

    private @Nullable String circumstances(@Nullable List<Circumstance> told) {
        return told == null
                ? null
                : told.stream()
                        .map(one -> texts.say("link.circumstance." + one.code()))
                        .collect(Collectors.joining(", "));
    }

    private void row(StringBuilder body, String label, @Nullable String value) {
        if (value != null) {
            body.append("<dt>")
                    .append(say(label))
                    .append("</dt><dd>")
                    .append(escaped(value))
                    .append("</dd>");
        }
    }

    private String button(String action) {
        return "<button name=\"action\" value=\"" + action + "\">" + say("link.do." + action) + "</button>";
    }

    private String choice(String name, List<String> codes) {
        return "<label for=\"" + name + "\">" + say("link." + name) + "</label><select id=\"" + name + "\" name=\""
                + name
                + "\">"
                + codes.stream()
                        .map(code -> "<option value=\"" + code + "\">" + say("link." + name + "." + code) + "</option>")
                        .collect(Collectors.joining())
                + "</select>";
    }

    private String note() {
        return "<label>" + say("link.note")
                + "<textarea name=\"note\" maxlength=\"2000\" rows=\"3\"></textarea></label>";
    }

    private String say(String code) {
        return escaped(texts.say(code));
    }

    private Response page(int status, String body) {
        return PlainPage.of(status, language, texts.say("link.title"), body);
    }

    private static String escaped(String text) {
        return PlainPage.escaped(text);
    }
}
