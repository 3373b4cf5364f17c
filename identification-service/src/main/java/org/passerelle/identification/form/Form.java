package org.passerelle.identification.form;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.reading.Slice;

/**
 * What stands on the form, from top to bottom. Nothing on it says why somebody is in the mechanism: paper is found.
 *
 * @param language of its words
 */
record Form(Locale language, String title, List<Line> lines) {

    /** More needs than this do not fit on a page with the rest. */
    private static final int MOST_NEEDS = 12;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd.MM.yyyy");
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("dd.MM.yyyy HH:mm");

    sealed interface Line {}

    record Heading(String text) implements Line {}

    record Entry(String label, String value) implements Line {}

    /** To be filled in by hand. */
    record Blank(String label, int lines) implements Line {}

    record Text(String text) implements Line {}

    /**
     * @param until     the end of the consent; null until it is withdrawn
     * @param hotlines  of the country; an empty line where none is set up
     */
    static Form of(Slice slice, @Nullable Instant until, List<String> hotlines, FormWords words, Instant now) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Entry(words.of("code"), slice.caseCode().text()));
        lines.add(new Entry(words.of("made"), at(now, MOMENT)));
        lines.add(new Heading(words.of("person")));
        lines.add(new Text(words.of("consent")));
        String name = Stream.of(slice.givenName(), slice.familyName())
                .filter(part -> part != null && !part.isBlank())
                .collect(Collectors.joining(" "));
        entry(lines, words.of("name"), name);
        LocalDate born = slice.birthDate();
        entry(lines, words.of("birthDate"), born == null ? "" : born.format(DAY));
        entry(lines, words.of("age"), slice.age() == null ? "" : slice.age().toString());
        lines.add(new Entry(words.of("child"), words.of(slice.child() ? "yes" : "no")));
        lines.add(new Entry(words.of("sex"), words.sex(slice.sex())));
        entry(
                lines,
                words.of("phone"),
                slice.phone() == null ? "" : slice.phone().number());
        entry(
                lines,
                words.of("languages"),
                slice.languages().stream()
                        .map(Language::code)
                        .map(words::language)
                        .collect(Collectors.joining(", ")));
        lines.add(new Heading(words.of("needs")));
        slice.needs().stream()
                .limit(MOST_NEEDS)
                .forEach(need -> lines.add(new Text(words.of(
                        "need",
                        words.of("service." + need.service().name()),
                        words.of("urgency." + need.urgency().name().toLowerCase(Locale.ROOT)),
                        at(need.dueAt(), MOMENT)))));
        if (slice.needs().size() > MOST_NEEDS) {
            lines.add(new Text(words.of("more", slice.needs().size() - MOST_NEEDS)));
        }
        lines.add(new Entry(words.of("until"), until == null ? words.of("withdrawn") : at(until, MOMENT)));
        lines.add(new Heading(words.of("receiver")));
        lines.add(new Blank(words.of("from"), 1));
        lines.add(new Blank(words.of("to"), 1));
        lines.add(new Blank(words.of("reason"), 2));
        lines.add(new Blank(words.of("signature"), 1));
        lines.add(new Heading(words.of("help")));
        if (hotlines.isEmpty()) {
            lines.add(new Blank("", 1));
        }
        hotlines.forEach(line -> lines.add(new Text(line)));
        lines.add(new Text(words.of("care")));
        return new Form(words.language(), words.of("title"), lines);
    }

    private static void entry(List<Line> lines, String label, String value) {
        if (!value.isBlank()) {
            lines.add(new Entry(label, value));
        }
    }

    private static String at(Instant moment, DateTimeFormatter form) {
        return moment.atOffset(ZoneOffset.UTC).format(form);
    }
}
