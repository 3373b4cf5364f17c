package org.passerelle.referral.referring.rest;

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
