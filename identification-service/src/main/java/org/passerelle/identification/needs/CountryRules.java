package org.passerelle.identification.needs;

/**
 * What a country decides of needs.
 *
 * @param pack which version of its pack says so; events keep it, so that an old clock can be explained for ever
 */
public record CountryRules(String pack, NeedClocks clocks, DutyToReport duty) {

    /** For a need in which nobody is reported without consent. */
    public CountryRules withoutDuty() {
        return new CountryRules(pack, clocks, DutyToReport.NONE);
    }
}
