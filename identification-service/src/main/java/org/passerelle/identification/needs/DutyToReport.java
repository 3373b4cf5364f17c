package org.passerelle.identification.needs;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Whom the law of a country has reported to the police, whether or not they agree. Without a text nobody is: then the
 * person's own consent is needed, or that of whoever may give it for a child.
 *
 * @param minors null where no text says so; a person whose age is in doubt is one
 * @param adults null where no text says so
 */
public record DutyToReport(@Nullable Basis minors, @Nullable Basis adults) {

    public static final DutyToReport NONE = new DutyToReport(null, null);

    /** A dated text of law. */
    public record Basis(String text, LocalDate dated) {

        public Basis {
            if (text.isBlank() || dated == null) {
                throw new IllegalArgumentException("a duty to report rests on a dated text");
            }
        }

        /** As events keep it. */
        String cited() {
            return text + " (" + dated + ")";
        }
    }

    /** The text that makes it a duty to report this person; null where there is none. */
    @Nullable
    String basis(boolean child) {
        Basis basis = child ? minors : adults;
        return basis == null ? null : basis.cited();
    }
}
