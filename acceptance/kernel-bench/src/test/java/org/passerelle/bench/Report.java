package org.passerelle.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the rounds of each measure and compares medians. */
final class Report {

    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();
    private final List<Case> cases = new ArrayList<>();

    /**
     * @param reference what ours is divided by (or that is divided by ours where less is better); 1 for absolute limits
     * @param ratio above or equal to {@code must} is what is asked
     */
    record Case(
            String name,
            double ours,
            double reference,
            String unit,
            double ratio,
            double must,
            double goal,
            boolean met) {}

    void add(String measure, double value) {
        rounds.computeIfAbsent(measure, name -> new ArrayList<>()).add(value);
    }

    double median(String measure) {
        List<Double> sorted =
                rounds.getOrDefault(measure, List.of()).stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    /** More is better: ours / reference. */
    void faster(String name, String ours, String reference, String unit, double must, double goal) {
        double ratio = median(ours) / median(reference);
        cases.add(new Case(name, median(ours), median(reference), unit, ratio, must, goal, ratio >= must));
    }

    /** Less is better; ratio is ours / reference and must not be above. */
    void quicker(String name, String ours, String reference, String unit, double must, double goal) {
        double ratio = median(ours) / median(reference);
        cases.add(new Case(name, median(ours), median(reference), unit, ratio, must, goal, ratio <= must));
    }

    void atLeast(String name, String ours, String unit, double must, double goal) {
        double value = median(ours);
        cases.add(new Case(name, value, must, unit, value / must, 1, goal / must, value >= must));
    }

    void atMost(String name, String ours, String unit, double must, double goal) {
        double value = median(ours);
        cases.add(new Case(name, value, must, unit, value / must, 1, goal / must, value <= must));
    }

    String markdown() {
        StringBuilder text = new StringBuilder("| case | ours | reference | unit | ratio | must | goal | met |\n"
                + "|---|---|---|---|---|---|---|---|\n");
        for (Case one : cases) {
            text.append("| %s | %s | %s | %s | %.2f | %.2f | %.2f | %s |%n"
                    .formatted(
                            one.name(),
                            number(one.ours()),
                            number(one.reference()),
                            one.unit(),
                            one.ratio(),
                            one.must(),
                            one.goal(),
                            one.met() ? "yes" : "**no**"));
        }
        text.append(
                "\nEvery measure, median and spread of its rounds:\n\n| measure | median | lowest | highest | rounds |\n|---|---|---|---|---|\n");
        rounds.forEach((measure, values) -> text.append("| %s | %s | %s | %s | %d |%n"
                .formatted(
                        measure,
                        number(median(measure)),
                        number(values.stream().mapToDouble(v -> v).min().orElse(Double.NaN)),
                        number(values.stream().mapToDouble(v -> v).max().orElse(Double.NaN)),
                        values.size())));
        return text.toString();
    }

    private static @Nullable String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }

    void write(Path directory) {
        try {
            Files.createDirectories(directory);
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(
                            directory.resolve("kernel.json").toFile(),
                            cases.stream()
                                    .map(one -> Map.of(
                                            "case",
                                            one.name(),
                                            "ours",
                                            one.ours(),
                                            "reference",
                                            one.reference(),
                                            "unit",
                                            one.unit(),
                                            "ratio",
                                            one.ratio(),
                                            "must",
                                            one.must(),
                                            "goal",
                                            one.goal(),
                                            "met",
                                            one.met()))
                                    .toList());
            Files.writeString(directory.resolve("kernel.md"), markdown());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
