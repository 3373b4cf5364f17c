package org.passerelle.reporting.replay;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.language.Language;
import org.passerelle.reporting.ledger.Entry;
import org.passerelle.reporting.ledger.Fact;
import org.passerelle.reporting.ledger.Facts;

/** The timeline of a case: every entry of its ledger as a line, in the order in which it was told. */
public record Timeline(String caseCode, List<TimelineLine> entries) {

    public static Timeline of(String caseCode, Collection<Entry> ledger, Language language, Sentences sentences) {
        @Nullable String owner = owner(ledger).orElse(null);
        return new Timeline(
                caseCode,
                ledger.stream()
                        .sorted(Entry.AS_TOLD)
                        .map(entry -> line(entry, owner, language, sentences))
                        .toList());
    }

    /** The organisation that owns the case, once its detection has arrived. */
    public static Optional<String> owner(Collection<Entry> entries) {
        return entries.stream()
                .map(Facts::of)
                .flatMap(fact -> fact instanceof Fact.CaseDetected found
                        ? Optional.of(found.ownerOrganisation()).stream()
                        : Optional.<String>empty().stream())
                .findFirst();
    }

    private static TimelineLine line(Entry entry, @Nullable String owner, Language language, Sentences sentences) {
        return new TimelineLine(
                entry.time(),
                entry.service(),
                entry.sequence(),
                entry.type(),
                entry.organisation() == null ? owner : entry.organisation(),
                entry.referralId(),
                sentences.sentence(Facts.of(entry), language));
    }
}
