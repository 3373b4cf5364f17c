package org.passerelle.reporting.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.funnel.Counts;
import org.passerelle.reporting.funnel.Funnel;
import org.passerelle.reporting.funnel.Stage;

/**
 * The funnel's page: the filter as it was filled in, and what was counted.
 *
 * @param from as written in the field, e.g. {@code 2026-01}
 * @param error what is wrong with the filter; then nothing was counted
 * @param found what was counted; null where the filter has an error
 */
public record FunnelView(
        String from,
        String to,
        List<PlaceChoice> places,
        @Nullable FieldError error,
        @Nullable Found found) {

    public record PlaceChoice(String code, String name, boolean chosen) {}

    /** @param field {@code from}, {@code to} or {@code place} */
    public record FieldError(String field, String message) {}

    /** @param where the place in words */
    public record Found(
            String period,
            String where,
            boolean empty,
            BarChart chart,
            List<StageRow> stages,
            List<CountsRow> months,
            List<CountsRow> places) {}

    public record StageRow(Stage stage, String cases, String share) {}

    /** @param bar width of the small bar beside the number of detected cases, per cent */
    public record CountsRow(String name, String bar, List<String> cases) {}

    public boolean wrong(String field) {
        return error != null && error.field().equals(field);
    }

    static Found found(Funnel funnel, Words words, Map<String, String> placeNames) {
        long detected = funnel.total().at(Stage.DETECTED);
        List<StageRow> stages = Arrays.stream(Stage.values())
                .map(stage -> new StageRow(
                        stage,
                        words.number(funnel.total().at(stage)),
                        words.share(funnel.total().at(stage), detected)))
                .toList();
        long mostInMonth = funnel.months().stream()
                .mapToLong(month -> month.cases().at(Stage.DETECTED))
                .max()
                .orElse(0);
        long mostAtPlace = funnel.places().stream()
                .mapToLong(place -> place.cases().at(Stage.DETECTED))
                .max()
                .orElse(0);
        return new Found(
                words.say("funnel.period", words.month(funnel.from()), words.month(funnel.to())),
                funnel.place() == null
                        ? words.say("funnel.where-everywhere")
                        : placeName(funnel.place(), words, placeNames),
                funnel.isEmpty(),
                BarChart.of(Arrays.stream(Stage.values())
                        .map(stage -> new BarChart.Count(
                                words.word("stage", stage.code()),
                                funnel.total().at(stage)))
                        .toList()),
                stages,
                funnel.months().stream()
                        .map(month -> row(words.month(month.month()), month.cases(), mostInMonth, words))
                        .toList(),
                funnel.places().stream()
                        .map(place ->
                                row(placeName(place.place(), words, placeNames), place.cases(), mostAtPlace, words))
                        .toList());
    }

    private static CountsRow row(String name, Counts counts, long most, Words words) {
        return new CountsRow(
                name,
                BarChart.width(counts.at(Stage.DETECTED), most),
                Arrays.stream(Stage.values())
                        .map(stage -> words.number(counts.at(stage)))
                        .toList());
    }

    /** Everywhere, then each country as a whole, then each place. */
    static List<PlaceChoice> choices(
            List<String> places, @Nullable String chosen, Words words, Map<String, String> placeNames) {
        List<PlaceChoice> choices = new ArrayList<>();
        choices.add(new PlaceChoice("", words.say("funnel.everywhere"), chosen == null || chosen.isBlank()));
        List<String> countries = places.stream()
                .map(place -> place.substring(0, Math.min(2, place.length())))
                .distinct()
                .toList();
        for (String country : countries) {
            String name = placeName(country, words, placeNames);
            choices.add(new PlaceChoice(country, words.say("funnel.country", name), country.equals(chosen)));
        }
        for (String place : places) {
            if (!countries.contains(place)) {
                choices.add(new PlaceChoice(place, placeName(place, words, placeNames), place.equals(chosen)));
            }
        }
        return choices;
    }

    /** A place by its name and code; by its code alone where no name is known. */
    private static String placeName(String code, Words words, Map<String, String> placeNames) {
        @Nullable String name = placeNames.get(code);
        if (name == null) {
            name = words.country(code);
        }
        return name == null ? code : name + " (" + code + ")";
    }
}
