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
        @Nullable String note) {

    static final String LOOK = "look";
    static final String AGREED = "agreed";
    private static final Set<String> SAYING = Set.of("accept", "decline", "first-contact", "report", "complete");

    /** Whether it answers or reports, and does not only look. */
    boolean says() {
        return action != null && SAYING.contains(action);
    }

    static LinkForm of(String body) {
        PostedForm form = PostedForm.of(body);
        return new LinkForm(
                form.field("code"),
                form.field("action"),
                form.field("reason"),
                form.field("outcome"),
                form.field("progress"),
                form.field("note"));
    }
}
