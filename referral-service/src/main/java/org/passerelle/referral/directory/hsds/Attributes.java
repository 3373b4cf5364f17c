package org.passerelle.referral.directory.hsds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Assessment;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;

/**
 * What HSDS itself has no field for: each can be said in the standard's way, by an attribute whose taxonomy term names
 * one of the taxonomies below, or shorter, by a field of its own on the record.
 */
final class Attributes {

    static final String ORGANISATION_TYPE = "htcds-organisation-type";
    static final String SEX = "htcds-gender";
    static final String SERVICE_TYPE = "passerelle-service-type";
    static final String CONFIDENTIALITY = "passerelle-confidentiality";

    static final String URGENCY = "passerelle-urgency";
    static final String ADMITS = "passerelle-admits";
    static final String EXCLUDES = "passerelle-excludes";
    static final String NOT_WITH = "passerelle-not-with";
    static final String ACCESSIBILITY = "passerelle-accessibility";
    static final String ASSESSMENT = "passerelle-additional-assessment";
    static final String RESPONDS_WITHIN = "passerelle-responds-within-hours";

    static final Set<String> OF_ORGANISATIONS = Set.of(ORGANISATION_TYPE);
    static final Set<String> OF_LOCATIONS = Set.of(CONFIDENTIALITY);
    static final Set<String> OF_SERVICES =
            Set.of(SEX, SERVICE_TYPE, URGENCY, ADMITS, EXCLUDES, NOT_WITH, ACCESSIBILITY, ASSESSMENT, RESPONDS_WITHIN);

    private static final Pattern HOURS = Pattern.compile("[1-9][0-9]{0,3}");

    private Attributes() {}

    static @Nullable OrganisationType organisationType(RecordReader record) {
        List<String> codes = new ArrayList<>(codes(record, ORGANISATION_TYPE));
        String direct = record.optional("organization_type");
        if (direct != null) {
            codes.add(direct);
        }
        List<OrganisationType> types = known(record, "organization_type", codes, OrganisationType::byCode);
        if (types.size() > 1) {
            record.wrong("organization_type", "import.one-only");
        }
        return types.isEmpty() ? null : types.getFirst();
    }

    static List<Sex> eligibleSexes(RecordReader record) {
        List<String> codes = new ArrayList<>(codes(record, SEX));
        codes.addAll(record.texts("eligible_sex"));
        return known(record, "eligible_sex", codes, Sex::byCode);
    }

    static List<ServiceType> serviceTypes(RecordReader record) {
        List<String> codes = new ArrayList<>(codes(record, SERVICE_TYPE));
        codes.addAll(record.texts("taxonomy"));
        return known(record, "taxonomy", codes, ServiceType::byCode);
    }

    static List<Urgency> urgencies(RecordReader record) {
        return known(record, "attributes", codes(record, URGENCY), Urgency::byCode);
    }

    static List<Circumstance> admits(RecordReader record) {
        return known(record, "attributes", codes(record, ADMITS), Circumstance::byCode);
    }

    static List<Circumstance> excludes(RecordReader record) {
        return known(record, "attributes", codes(record, EXCLUDES), Circumstance::byCode);
    }

    static List<ServiceType> notWith(RecordReader record) {
        return known(record, "attributes", codes(record, NOT_WITH), ServiceType::byCode);
    }

    static List<Assessment> assessments(RecordReader record) {
        return known(record, "attributes", codes(record, ASSESSMENT), Assessment::byCode);
    }

    static @Nullable Integer respondsWithin(RecordReader record) {
        List<String> codes = codes(record, RESPONDS_WITHIN);
        if (codes.size() > 1) {
            record.wrong("attributes", "import.one-only");
        }
        for (String code : codes) {
            if (!HOURS.matcher(code).matches()) {
                record.wrong("attributes", "import.unknown-code", RecordReader.shortened(code));
                return null;
            }
        }
        return codes.isEmpty() ? null : (Integer) Integer.parseInt(codes.getFirst());
    }

    /** Words of whoever wrote the directory: HSDS has none. */
    static List<String> accessibility(RecordReader record) {
        return codes(record, ACCESSIBILITY).stream()
                .map(RecordReader::shortened)
                .distinct()
                .sorted()
                .toList();
    }

    static boolean confidential(RecordReader record) {
        List<String> codes = codes(record, CONFIDENTIALITY);
        for (String code : codes) {
            if (!code.equals("confidential") && !code.equals("public")) {
                record.wrong("attributes", "import.unknown-code", RecordReader.shortened(code));
            }
        }
        return record.flag("confidential") || codes.contains("confidential");
    }

    /** Not to say that a location is confidential is less than to say that it is not. */
    static boolean saysWhetherConfidential(RecordReader record) {
        return record.has("confidential")
                || codes(record, CONFIDENTIALITY).stream().anyMatch(code -> !code.isEmpty());
    }

    /**
     * Refuses what is meant for Passerelle and read of no such record: a rule, or a shelter's secrecy, would be lost to a
     * slip of the pen. Of taxonomies of others it warns.
     *
     * @param read taxonomies that are read of this record
     */
    static void refuseUnknown(RecordReader record, Set<String> read) {
        for (RecordReader attribute : record.children("attributes")) {
            String taxonomy =
                    attribute.node().path("taxonomy_term").path("taxonomy").asText("");
            if (taxonomy.strip().toLowerCase(Locale.ROOT).startsWith("passerelle") && !read.contains(taxonomy)) {
                record.wrong("attributes", "import.unknown-taxonomy", RecordReader.shortened(taxonomy));
            } else if (!read.contains(taxonomy)) {
                record.warnOnce("attributes", "import.unread-taxonomy", RecordReader.shortened(taxonomy));
            }
        }
    }

    private static List<String> codes(RecordReader record, String taxonomy) {
        List<String> codes = new ArrayList<>();
        for (RecordReader attribute : record.children("attributes")) {
            JsonNode term = attribute.node().path("taxonomy_term");
            if (term.path("taxonomy").asText("").equals(taxonomy)) {
                codes.add(term.path("code").asText(""));
            }
        }
        return codes;
    }

    private static <T extends Enum<T>> List<T> known(
            RecordReader record, String field, List<String> codes, Function<String, Optional<T>> byCode) {
        TreeSet<T> known = new TreeSet<>();
        for (String code : codes) {
            byCode.apply(code)
                    .ifPresentOrElse(
                            known::add, () -> record.wrong(field, "import.unknown-code", RecordReader.shortened(code)));
        }
        return List.copyOf(known);
    }
}
