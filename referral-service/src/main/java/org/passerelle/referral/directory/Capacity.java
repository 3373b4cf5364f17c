package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;

/**
 * What a service says that it can take.
 *
 * @param unit what is counted (HSDS unit): beds, places, families
 * @param available free when it was said; never negative
 * @param maximum null when not said
 * @param updated when it was said; null only in events of before
 * @param assumed a document said it without a date: {@code updated} is when it was imported
 */
public record Capacity(
        String unit,
        int available,
        @Nullable Integer maximum,
        @Nullable Instant updated,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean assumed) {

    /** What is counted by a service that did not say so. */
    private static final String PLACE = "place";

    /** First words of units of which each takes one person, in the languages of the country packs and Portuguese. */
    private static final Set<String> FOR_ONE = Set.of(
            "bed",
            "beds",
            "place",
            "places",
            "person",
            "persons",
            "people",
            "lit",
            "lits",
            "personne",
            "personnes",
            "cama",
            "camas",
            "plaza",
            "plazas",
            "cupo",
            "cupos",
            "persona",
            "personas",
            "vaga",
            "vagas",
            "pessoa",
            "pessoas");

    /** Who says the same again so soon, and gives no key, repeats it. */
    private static final Duration REPEAT = Duration.ofMinutes(1);

    public Capacity(String unit, int available, @Nullable Integer maximum, @Nullable Instant updated) {
        this(unit, available, maximum, updated, false);
    }

    /**
     * What a need, which is one person's, is counted against: of several units those that take one person each; where
     * none is known to, the one of which fewest are free. A room for a family is no bed for somebody alone.
     */
    static List<Capacity> counted(List<Capacity> figures) {
        if (figures.size() < 2) {
            return figures;
        }
        List<Capacity> forOne = figures.stream()
                .filter(figure -> FOR_ONE.contains(
                        figure.unit().strip().toLowerCase(Locale.ROOT).split("\\W", 2)[0]))
                .toList();
        return !forOne.isEmpty()
                ? forOne
                : List.of(figures.stream()
                        .min(Comparator.comparing(Capacity::available).thenComparing(Capacity::unit))
                        .orElseThrow());
    }

    static int sum(List<Capacity> counted) {
        return counted.stream().mapToInt(Capacity::available).sum();
    }

    /** What a need can count on. */
    public static int free(List<Capacity> figures) {
        return sum(counted(figures));
    }

    /**
     * What a document says. It retires units that it does not name, where it names any. A figure that was said later, or
     * said with a date where the document gives none, stands; one without a date is of the moment of its import.
     */
    static List<Capacity> latest(List<Capacity> known, List<Capacity> document, Instant imported) {
        if (document.isEmpty()) {
            return known.stream()
                    .filter(figure -> figure.updated() != null && !figure.assumed())
                    .toList();
        }
        return document.stream()
                .map(figure -> known.stream()
                        .filter(before -> before.unit().equals(figure.unit()) && before.standsAgainst(figure))
                        .findFirst()
                        .orElse(figure.dated(imported)))
                .sorted(Comparator.comparing(Capacity::unit))
                .toList();
    }

    private boolean standsAgainst(Capacity document) {
        if (updated == null) {
            return false;
        }
        if (assumed) {
            return document.updated == null
                    && available == document.available
                    && Objects.equals(maximum, document.maximum);
        }
        return document.updated == null || updated.isAfter(document.updated);
    }

    private Capacity dated(Instant imported) {
        return updated == null ? new Capacity(unit, available, maximum, imported, true) : this;
    }

    /** These figures with newer ones. */
    static List<Capacity> declared(List<Capacity> known, DirectoryStream.DeclareCapacity newer) {
        List<Capacity> said = newer.figures().stream()
                .map(figure -> said(known, figure, newer))
                .sorted(Comparator.comparing(Capacity::unit))
                .toList();
        if (!said.stream().map(Capacity::unit).allMatch(new HashSet<>()::add)) {
            throw Refusal.of("unit-twice").invalid().field("units");
        }
        List<Capacity> figures = new ArrayList<>(said);
        if (!newer.all()) {
            known.stream()
                    .filter(figure -> said.stream().noneMatch(one -> one.unit().equals(figure.unit())))
                    .forEach(figures::add);
            figures.sort(Comparator.comparing(Capacity::unit));
        }
        return newer.perhapsRepeated() && saysTheSame(known, figures, newer.at()) ? known : figures;
    }

    private static Capacity said(
            List<Capacity> known, DirectoryStream.Figure figure, DirectoryStream.DeclareCapacity newer) {
        String unit = figure.unit();
        boolean several = known.size() > 1 || newer.figures().size() > 1;
        if (unit == null && several) {
            throw Refusal.of("which-unit").invalid().field("unit").with(units(known));
        }
        String named = unit != null
                ? unit.strip()
                : known.isEmpty() ? PLACE : known.getFirst().unit();
        Capacity before = known.stream()
                .filter(one -> one.unit().equalsIgnoreCase(named))
                .findFirst()
                .orElse(null);
        if (before == null && !known.isEmpty() && !newer.all()) {
            throw Refusal.of("unknown-unit").invalid().field("unit").with(units(known));
        }
        Integer maximum = figure.maximum() != null || before == null ? figure.maximum() : before.maximum();
        if (maximum != null && figure.available() > maximum) {
            throw Refusal.of("more-than-maximum").invalid().field("available");
        }
        return new Capacity(before == null ? named : before.unit(), figure.available(), maximum, newer.at());
    }

    private static String units(List<Capacity> known) {
        return known.stream().map(Capacity::unit).collect(Collectors.joining(", "));
    }

    private static boolean saysTheSame(List<Capacity> known, List<Capacity> figures, Instant at) {
        return known.size() == figures.size()
                && known.stream().allMatch(before -> figures.stream().anyMatch(now -> before.isRepeatedBy(now, at)));
    }

    private boolean isRepeatedBy(Capacity now, Instant at) {
        return unit.equals(now.unit)
                && available == now.available
                && Objects.equals(maximum, now.maximum)
                && !assumed
                && updated != null
                && (updated.equals(now.updated) || updated.isAfter(at.minus(REPEAT)));
    }
}
