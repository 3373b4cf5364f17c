package org.passerelle.referral.directory.hsds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** A zip unpacks to as much as it is allowed to, whatever stands in it, and its names are no paths. */
class HsdsPackageTest {

    private static final byte[] ORGANISATIONS = "id,name\n1,Maison\n".getBytes(StandardCharsets.UTF_8);

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void assertTooLarge(Map<String, byte[]> files) throws IOException {
        byte[] zip = zip(files);
        MalformedDirectory refused = catchThrowableOfType(MalformedDirectory.class, () -> HsdsPackage.read(zip));
        assertThat(refused).isNotNull();
        assertThat(refused.faults().getFirst().code()).isEqualTo("import.package-too-large");
    }

    @Test
    void aPathInANameLeadsNowhere() throws Exception {
        assertThat(HsdsPackage.read(zip(Map.of("../../etc/organizations.csv", ORGANISATIONS)))
                        .document()
                        .path("organizations")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void aTableThatIsNoTextIsRefused() throws IOException {
        byte[] picture = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13};
        byte[] otherEncoding = "id,name\n1,Asociaci\u00f3n\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] octets = "id,name\n1,a\u0000b\n".getBytes(StandardCharsets.UTF_8);
        for (byte[] file : List.of(picture, otherEncoding, octets)) {
            byte[] zip = zip(Map.of("organizations.csv", file));
            MalformedDirectory refused = catchThrowableOfType(MalformedDirectory.class, () -> HsdsPackage.read(zip));
            assertThat(refused).isNotNull();
            assertThat(refused.faults().getFirst().code()).isEqualTo("import.not-csv");
        }
        MalformedDirectory noZip = catchThrowableOfType(MalformedDirectory.class, () -> HsdsPackage.read(picture));
        assertThat(noZip).isNotNull();
        assertThat(noZip.faults().getFirst().code()).isEqualTo("import.not-a-package");
    }

    @Test
    void moreFilesThanTheStandardHasAreRefused() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 64; i++) {
            files.put("notes-" + i + ".txt", new byte[0]);
        }
        files.put("organizations.csv", ORGANISATIONS);
        assertTooLarge(files);
    }

    @Test
    void whatUnpacksToTooMuchIsRefusedAlsoWhereItIsPassedOver() throws IOException {
        assertTooLarge(Map.of("picture.bin", new byte[HsdsPackage.MAX_BYTES]));
        assertTooLarge(Map.of("organizations.csv", new byte[HsdsPackage.MAX_BYTES]));
    }

    @Test
    void whatHangsOnALinkIsRead_andTablesAndRowsThatAreNotAreSaid() throws Exception {
        String id = "00000000-0000-0000-0000-00000000000";
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String[] file : new String[][] {
            {"organizations", "id,name\n" + id + "1,Maison\n"},
            {"services", "id,organization_id,name,status\n" + id + "2," + id + "1,Abri,active\n"},
            {"locations", "id,location_type,iso_3166_2\n" + id + "3,physical,XX-1\n"},
            {"service_at_locations", "id,service_id,location_id\n" + id + "4," + id + "2," + id + "3\n"},
            {"service_areas", "id,service_at_location_id,extent\na," + id + "4,XX-1\n"},
            {"phones", "id,contact_id,number\np,c,116\n"},
            {"contacts", "id,name\nc,Personne\n"},
        }) {
            files.put(file[0] + ".csv", file[1].getBytes(StandardCharsets.UTF_8));
        }
        HsdsDirectory read = HsdsPackage.read(zip(files)).directory();
        assertThat(read.organisations().getFirst().services().getFirst().limitedToAreas())
                .isTrue();
        assertThat(read.warnings())
                .extracting(Fault::record, Fault::code)
                .containsExactlyInAnyOrder(
                        tuple("contacts.csv", "import.unread-table"),
                        tuple("phones.csv", "import.hangs-on-nothing"),
                        tuple("services[0] id=" + id + "2", "import.service-without-type"));
    }
}
