package org.passerelle.referral.routing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.passerelle.referral.codes.PlaceCode;

/**
 * The register of places: which lies in which, which replaced which from which day on, and where they are. Data shipped
 * in {@code places.csv}, and what a country pack adds. What lies above a place is worked out once, for each day on which
 * a code ended.
 *
 * <p>A code that is not in it: a p-code lies in the places whose p-codes it begins with, at least two digits longer;
 * anything else lies in its country, and nobody knows where.
 */
public final class Places {

    private static final String SHIPPED = "/org/passerelle/referral/routing/places.csv";

    /** A digit more is another place of the same level, where a level's codes are not all of one length. */
    private static final int DIGITS_OF_A_LEVEL = 2;

    /** A register without places. */
    public static final Places NONE = new Places(List.of());

    private final Map<PlaceCode, Place> places = new LinkedHashMap<>();
    private final Map<PlaceCode, Place> byCode = new HashMap<>();
    private final Set<String> countries = new HashSet<>();

    /** From each day on, what lies above each place, itself among it. */
    private final NavigableMap<LocalDate, Map<PlaceCode, Set<PlaceCode>>> above = new TreeMap<>();

    /** On any day. */
    private final Map<PlaceCode, Set<PlaceCode>> everAbove = new HashMap<>();

    private Places(Collection<Place> all) {
        for (Place place : all) {
            places.put(place.code(), place);
            enter(place.code(), place);
            if (place.pcode() != null) {
                enter(place.pcode(), place);
            }
            countries.add(place.code().country());
        }
        Set<LocalDate> days = new TreeSet<>(Set.of(LocalDate.MIN));
        for (Place place : all) {
            if (place.parent() != null) {
                known(place, place.parent());
            }
            for (PlaceCode successor : place.replacedBy()) {
                known(place, successor);
                days.add(Objects.requireNonNull(place.validTo()).plusDays(1));
            }
        }
        days.forEach(day -> above.put(day, aboveOn(day)));
        above.values()
                .forEach(day -> day.forEach((code, over) ->
                        everAbove.computeIfAbsent(code, none -> new HashSet<>()).addAll(over)));
    }

    private void enter(PlaceCode code, Place place) {
        if (byCode.put(code, place) != null) {
            throw new IllegalStateException("place given twice: " + code);
        }
    }

    private void known(Place place, PlaceCode other) {
        if (!byCode.containsKey(other) || !other.sameCountryAs(place.code())) {
            throw new IllegalStateException("place " + place.code() + " names one that its country has not: " + other);
        }
    }

    public static Places shipped() {
        try (InputStream in = Places.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("missing " + SHIPPED);
            }
            return read(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param csv {@code code,pcode,name,parent,valid_from,valid_to,replaced_by,latitude,longitude,origin} */
    static Places read(Reader csv) throws IOException {
        BufferedReader lines = new BufferedReader(csv);
        lines.readLine();
        return new Places(lines.lines().map(Places::place).toList());
    }

    private static Place place(String line) {
        String[] cells = line.split(",", 10);
        return new Place(
                new PlaceCode(cells[0]),
                cells[1].isEmpty() ? null : new PlaceCode(cells[1]),
                cells[2],
                cells[3].isEmpty() ? null : new PlaceCode(cells[3]),
                cells[4].isEmpty() ? null : LocalDate.parse(cells[4]),
                cells[5].isEmpty() ? null : LocalDate.parse(cells[5]),
                cells[6].isEmpty()
                        ? List.of()
                        : Arrays.stream(cells[6].split(" ")).map(PlaceCode::new).toList(),
                cells[7].isEmpty() ? null : new Coordinates(Double.parseDouble(cells[7]), Double.parseDouble(cells[8])),
                cells[9]);
    }

    /**
     * With more places; one that has a code already takes its place.
     *
     * @throws IllegalStateException where they contradict each other, or name places that there are not
     */
    public Places with(Collection<Place> more) {
        Map<PlaceCode, Place> all = new LinkedHashMap<>(places);
        more.forEach(place -> all.put(place.code(), place));
        return new Places(all.values());
    }

    public Optional<Place> find(PlaceCode code) {
        return Optional.ofNullable(byCode.get(code));
    }

    /** Whether the register, which knows places of its country, does not know where in it this one is. */
    public boolean isMissing(PlaceCode code) {
        return countries.contains(code.country()) && isUnplaced(code);
    }

    /** Whether the register knows neither the place nor one that it lies in, but for its country. */
    boolean isUnplaced(PlaceCode code) {
        return !code.isCountry()
                && !byCode.containsKey(code)
                && longestPrefix(code).isEmpty();
    }

    /** The name to show; the code itself where no name is known. */
    public String name(PlaceCode code) {
        Place place = byCode.get(code);
        return place == null ? code.value() : place.name();
    }

    /** Of the place, or else of the nearest one above it, or that it became. A country has none. */
    public Optional<Coordinates> centroid(PlaceCode code) {
        Deque<PlaceCode> next = new ArrayDeque<>(List.of(code));
        Set<PlaceCode> seen = new HashSet<>();
        while (!next.isEmpty()) {
            PlaceCode nearest = next.poll();
            Place place = byCode.get(nearest);
            if (!seen.add(nearest)) {
                continue;
            }
            if (place == null) {
                longestPrefix(nearest).ifPresent(next::add);
            } else if (place.centroid() != null) {
                return Optional.of(place.centroid());
            } else {
                if (place.parent() != null) {
                    next.add(place.parent());
                }
                next.addAll(place.replacedBy());
            }
        }
        return Optional.empty();
    }

    private Optional<PlaceCode> longestPrefix(PlaceCode code) {
        return prefixes(code).stream().filter(byCode::containsKey).reduce((shorter, longer) -> longer);
    }

    /** A place has one code here, whichever it was called by. */
    PlaceCode canonical(PlaceCode code) {
        Place place = byCode.get(code);
        return place == null ? code : place.code();
    }

    /** What reaches a place on a day. */
    public Reach reach(PlaceCode place, LocalDate day) {
        return new Reach(this, Objects.requireNonNull(above.floorEntry(day)).getValue(), place, day);
    }

    /** All that the place lies in on some day, itself and its country among it; in canonical codes. */
    Set<PlaceCode> everAbove(PlaceCode code) {
        return above(code, everAbove);
    }

    Set<PlaceCode> above(PlaceCode code, Map<PlaceCode, Set<PlaceCode>> known) {
        PlaceCode canonical = canonical(code);
        Set<PlaceCode> over = known.get(canonical);
        if (over != null) {
            return over;
        }
        Set<PlaceCode> all = new HashSet<>();
        all.add(canonical);
        all.add(new PlaceCode(canonical.country()));
        for (PlaceCode prefix : prefixes(canonical)) {
            PlaceCode one = canonical(prefix);
            all.add(one);
            all.addAll(known.getOrDefault(one, Set.of()));
        }
        return all;
    }

    /** The shorter p-codes that a p-code begins with, the shortest first. */
    private static List<PlaceCode> prefixes(PlaceCode code) {
        if (!code.isPCode()) {
            return List.of();
        }
        return IntStream.rangeClosed(3, code.value().length() - DIGITS_OF_A_LEVEL)
                .mapToObj(length -> new PlaceCode(code.value().substring(0, length)))
                .toList();
    }

    private Map<PlaceCode, Set<PlaceCode>> aboveOn(LocalDate day) {
        Map<PlaceCode, Set<PlaceCode>> over = new HashMap<>();
        places.values().forEach(place -> {
            if (place.parent() != null) {
                add(over, place.code(), canonical(place.parent()));
            }
        });
        Map<PlaceCode, Set<PlaceCode>> became = new HashMap<>();
        places.values().stream()
                .filter(place -> place.isReplacedOn(day))
                .forEach(place -> place.replacedBy().forEach(one -> add(became, canonical(one), place.code())));
        became.forEach((now, before) -> before.forEach(was -> {
            Place old = at(was);
            boolean divided = old.replacedBy().size() > 1;
            if (!divided) {
                add(over, was, now);
            }
            // the whole of what it was divided into, or the same under another code
            if (divided || (before.size() == 1 && at(now).beganAfter(old))) {
                add(over, now, was);
            }
        }));
        Map<PlaceCode, Set<PlaceCode>> all = new HashMap<>();
        places.keySet().forEach(code -> all.put(code, closure(code, over)));
        return all;
    }

    private Place at(PlaceCode code) {
        return Objects.requireNonNull(byCode.get(code));
    }

    private static void add(Map<PlaceCode, Set<PlaceCode>> over, PlaceCode code, PlaceCode one) {
        over.computeIfAbsent(code, none -> new HashSet<>()).add(one);
    }

    private static Set<PlaceCode> closure(PlaceCode code, Map<PlaceCode, Set<PlaceCode>> over) {
        Set<PlaceCode> all = new HashSet<>(Set.of(new PlaceCode(code.country())));
        Deque<PlaceCode> next = new ArrayDeque<>(List.of(code));
        while (!next.isEmpty()) {
            PlaceCode one = next.poll();
            if (all.add(one)) {
                next.addAll(over.getOrDefault(one, Set.of()));
            }
        }
        return Set.copyOf(all);
    }

    public int size() {
        return places.size();
    }
}
