package org.passerelle.identification.links.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.reading.Slice;

class SlicePageTest {

    @Test
    void aBirthDateIsShownAsInAnAccountsSliceWithoutNames() {
        Slice born = new Slice(
                CaseCode.parse("4829-1370-6153"),
                null,
                null,
                LocalDate.of(2002, 1, 31),
                24,
                false,
                Sex.FEMININE,
                null,
                List.of(),
                List.of(),
                null);
        String page = (String)
                new SlicePage(Locale.ENGLISH).slice(born, false, "ticket").getEntity();
        assertThat(page).contains("January 31, 2002").doesNotContain("<form");
    }
}
