package org.passerelle.acceptance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Words that identify an invented person and occur nowhere else, and the search for them in bytes of any kind. */
final class Marks {
    /** Where a mark was sent, and the ways in which it could lie on a disk. */
    private record Mark(String field, String word, List<byte[]> forms) {}

    private final Map<String, Mark> marks = new LinkedHashMap<>();

    /** A new word, to be sent in a field of this name. Long enough that chance does not make it. */
    String in(String field, String prefix) {
        var word = prefix + Long.toString(System.nanoTime(), 36) + Integer.toString(marks.size() + 10, 36);
        return remember(field, word);
    }

    String remember(String field, String word) {
        marks.put(field, new Mark(field, word, forms(word)));
        return word;
    }

    /** The fields whose marks occur in these bytes. */
    List<String> foundIn(byte[] bytes) {
        var found = new ArrayList<String>();
        for (Mark mark : marks.values()) {
            if (mark.forms().stream().anyMatch(form -> contains(bytes, form))) {
                found.add(mark.field() + " '" + mark.word() + "'");
            }
        }
        return found;
    }

    List<String> foundIn(String text) {
        return foundIn(text.getBytes(StandardCharsets.UTF_8));
    }

    int count() {
        return marks.size();
    }

    private static List<byte[]> forms(String word) {
        var plain = word.getBytes(StandardCharsets.UTF_8);
        var forms = new ArrayList<byte[]>();
        forms.add(plain);
        forms.add(word.getBytes(StandardCharsets.UTF_16LE));
        forms.add(word.getBytes(StandardCharsets.UTF_16BE));
        forms.add(HexFormat.of().formatHex(plain).getBytes(StandardCharsets.US_ASCII));
        // Base64 depends on where in the text the word begins: its middle is the same for each of three beginnings.
        for (int shift = 0; shift < 3; shift++) {
            var shifted = new byte[shift + plain.length];
            System.arraycopy(plain, 0, shifted, shift, plain.length);
            var coded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            forms.add(coded.substring(shift == 0 ? 0 : 4, coded.length() - 2).getBytes(StandardCharsets.US_ASCII));
        }
        return forms;
    }

    static boolean contains(byte[] bytes, byte[] form) {
        for (int from = 0; from <= bytes.length - form.length; from++) {
            if (bytes[from] == form[0] && Arrays.equals(bytes, from, from + form.length, form, 0, form.length)) {
                return true;
            }
        }
        return false;
    }
}
