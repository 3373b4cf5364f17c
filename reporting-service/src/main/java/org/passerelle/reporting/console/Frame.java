package org.passerelle.reporting.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every page has around its content.
 *
 * @param demonstration whether all data are invented
 * @param userName who is logged in; null where nobody is
 * @param languages the switch, the page's own language among them
 */
public record Frame(
        Words w, boolean demonstration, @Nullable String userName, List<LanguageLink> languages) {

    /** @param href to this same page in that language */
    public record LanguageLink(String code, String name, String href, boolean current) {}
}
