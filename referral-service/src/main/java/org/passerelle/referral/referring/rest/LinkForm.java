package org.passerelle.referral.referring.rest;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.PostedForm;

/** What the page behind a link sends. */
record LinkForm(
        @Nullable String code,
        @Nullable String action,
        @Nullable String reason,
        @Nullable String outcome,
        @Nullable String progress,
        @Nullable String note,
        @Nullable String unit,
        @Nullable String places) {

    static final String LOOK = "look";
    static final String AGREED = "agreed";
    /** What answers or reports, and does not only look. */
    static final Set<String> SAYING = Set.of("accept", "decline", "first-contact", "report", "complete");

    static LinkForm of(String body) {
        PostedForm form = PostedForm.of(body);
        return new LinkForm(
                form.field("code"),
                form.field("action"),
                form.field("reason"),
                form.field("outcome"),
                form.field("progress"),
                form.field("note"),
                form.field("unit"),
                form.field("places"));
    }
}
