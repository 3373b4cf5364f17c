package org.passerelle.referral.directory.hsds;

import java.util.List;

/**
 * Something wrong, or left unread, in an imported document.
 *
 * @param record where: {@code services[17] id=1fdea8cc-…}
 * @param field the HSDS field, or "" when the record as a whole is meant
 * @param code key of the sentence in the service's texts ({@code import.…})
 */
public record Fault(String record, String field, String code, List<String> args) {

    public Fault {
        args = List.copyOf(args);
    }
}
