package org.passerelle.edge.testkit;

/** Two invented partners' certificates, without their keys, as a gateway tells them (RFC 9440). */
public final class Certificates {

    public static final String HEADER =
            ":" + "MIIBkDCCATWgAwIBAgIUdWel8UF26/c/qQXU1utq00ZRr+wwCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwRcGFydG5lci"
                    + "1hLmV4YW1wbGUwIBcNMjYxMTIyMjI0MTA0WhgPMjEyNjEwMjkyMjQxMDRaMBwxGjAYBgNVBAMMEXBhcnRuZXItYS5l"
                    + "eGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEa5ibohJuLobCKEWz0P1Oc3fgZRlRGu4KZpAzE3dbnocWvP"
                    + "ogrWgDtHWE7NDVnWkyVMjtp/fYAMwgVeTgpsY2UKNTMFEwHQYDVR0OBBYEFOFeqD5TQAkOnUHsIU4qRlXDvcqZMB8G"
                    + "A1UdIwQYMBaAFOFeqD5TQAkOnUHsIU4qRlXDvcqZMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAL"
                    + "ftoaWuxesVrD11vIcaIzqlMQjbvxcU4lDWRMzG1fLNAiEAlYg8yACwKN7RtSYmE+OCRQtNqgEiFtSuo6og0xc1GS4="
                    + ":";

    /** Of the first, by {@code openssl dgst -sha256}. */
    public static final String THUMBPRINT = "_f_kB7IPkfqKyDYD1NeR3FUrUlrhDiI9-T9XrC9e-yU";

    public static final String OTHER_HEADER =
            ":" + "MIIBkDCCATWgAwIBAgIUPdNvIwRpeIl+SO9AWgROhqcaJiowCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwRcGFydG5lci"
                    + "1iLmV4YW1wbGUwIBcNMjYxMTIyMjI0MTA1WhgPMjEyNjEwMjkyMjQxMDVaMBwxGjAYBgNVBAMMEXBhcnRuZXItYi5l"
                    + "eGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEa7gWz+bmaDq69WlUKhnQTkYppLuCW30w/XMHfiy7jdr1QZ"
                    + "EbLKYD+i15fqHr6FrNaCADZ4F6jwxgaKaSe477+aNTMFEwHQYDVR0OBBYEFBKMoV6EPMbKyk8aPXcZkeOyNciwMB8G"
                    + "A1UdIwQYMBaAFBKMoV6EPMbKyk8aPXcZkeOyNciwMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAN"
                    + "mtlyGUclXNOaJ8hM6dOetZQb6TDW9NBHEw/+EeD/exAiEA0ptMnS/lrC+3RHjK54ZYQ4q4HyFcaTxF7ncCy/5u1sw="
                    + ":";

    private Certificates() {}
}
