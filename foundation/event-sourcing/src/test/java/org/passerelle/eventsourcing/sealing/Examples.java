package org.passerelle.eventsourcing.sealing;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Sealed values made by hand. */
public final class Examples {

    private Examples() {}

    public static String sealed(
            DataKeys.Keys keys, String category, String stream, String type, String at, String json, String subject) {
        String id = keys.id(new DataKeys.Whose(subject, category)).orElseThrow();
        Aead aead = keys.ring().key(id).orElseThrow();
        try {
            byte[] text = aead.encrypt(json.getBytes(StandardCharsets.UTF_8), new Sealed.Home(stream, type).at(at));
            return "{\"$sealed\":\"1:" + id + ":"
                    + Base64.getEncoder().withoutPadding().encodeToString(text) + "\",\"$erased\":\"\"}";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
