package org.passerelle.acceptance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Words that identify an invented person and occur nowhere else, and the search for them in bytes of any kind. */
final class Marks {
    private static final VarHandle AS_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /** Where a mark was sent. */
    private record Mark(String field, String word) {}

    /** A way in which a mark could lie on a disk. */
    private record Form(Mark mark, byte[] bytes) {
        int ending() {
            return lastFour(bytes, bytes.length);
        }
    }

    private final Map<String, Mark> marks = new LinkedHashMap<>();

    // A log has more than a hundred megabytes and there are hundreds of forms: one pass looks for the endings of all.
    private final Map<Integer, List<Form>> forms = new HashMap<>();
    private final BitSet endings = new BitSet(1 << 16);

    /** A new word, to be sent in a field of this name. Long enough that chance does not make it. */
    String in(String field, String prefix) {
        var word = prefix + Long.toString(System.nanoTime(), 36) + Integer.toString(marks.size() + 10, 36);
        return remember(field, word);
    }

    String remember(String field, String word) {
        var mark = new Mark(field, word);
        marks.put(field, mark);
        for (Form form : forms(mark)) {
            forms.computeIfAbsent(form.ending(), ending -> new ArrayList<>()).add(form);
            endings.set(slot(form.ending()));
        }
        return word;
    }

    /** The fields whose marks occur in these bytes. */
    List<String> foundIn(byte[] bytes) {
        var found = new HashSet<Mark>();
        for (int to = Integer.BYTES; to <= bytes.length; to++) {
            int ending = lastFour(bytes, to);
            if (endings.get(slot(ending))) {
                for (Form form : forms.getOrDefault(ending, List.of())) {
                    int from = to - form.bytes().length;
                    if (from >= 0 && Arrays.equals(bytes, from, to, form.bytes(), 0, form.bytes().length)) {
                        found.add(form.mark());
                    }
                }
            }
        }
        return marks.values().stream()
                .filter(found::contains)
                .map(mark -> mark.field() + " '" + mark.word() + "'")
                .toList();
    }

    List<String> foundIn(String text) {
        return foundIn(text.getBytes(StandardCharsets.UTF_8));
    }

    int count() {
        return marks.size();
    }

    private static int lastFour(byte[] bytes, int to) {
        return (int) AS_INT.get(bytes, to - Integer.BYTES);
    }

    private static int slot(int ending) {
        return (ending * 0x9E3779B1) >>> 16;
    }

    private static List<Form> forms(Mark mark) {
        var plain = mark.word().getBytes(StandardCharsets.UTF_8);
        var forms = new ArrayList<Form>();
        forms.add(new Form(mark, plain));
        forms.add(new Form(mark, mark.word().getBytes(StandardCharsets.UTF_16LE)));
        forms.add(new Form(mark, mark.word().getBytes(StandardCharsets.UTF_16BE)));
        forms.add(new Form(mark, HexFormat.of().formatHex(plain).getBytes(StandardCharsets.US_ASCII)));
        // Base64 depends on where in the text the word begins: its middle is the same for each of three beginnings.
        for (int shift = 0; shift < 3; shift++) {
            var shifted = new byte[shift + plain.length];
            System.arraycopy(plain, 0, shifted, shift, plain.length);
            var coded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            var middle = coded.substring(shift == 0 ? 0 : 4, coded.length() - 2);
            forms.add(new Form(mark, middle.getBytes(StandardCharsets.US_ASCII)));
        }
        return forms;
    }
}
