package org.passerelle.proof;

/**
 * Numbers by keys of 128 random-looking bits, 24 bytes an entry and a half-empty table: a million events must be compared
 * with each other in the memory of a laptop.
 */
final class PairMap {

    private long[] slots = new long[3 << 10];
    private int count;

    /** @return what was kept under the key before; 0 for nothing */
    long put(long high, long low, long value) {
        if (count * 2 >= slots.length / 3) {
            grow();
        }
        int at = find(slots, high, low);
        long before = slots[at + 2];
        if (before == 0) {
            count++;
        }
        slots[at] = high;
        slots[at + 1] = low;
        slots[at + 2] = value;
        return before;
    }

    private static int find(long[] slots, long high, long low) {
        int places = slots.length / 3;
        int place = (int) ((high ^ low) & (places - 1));
        while (slots[3 * place + 2] != 0 && (slots[3 * place] != high || slots[3 * place + 1] != low)) {
            place = (place + 1) & (places - 1);
        }
        return 3 * place;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        for (int from = 0; from < slots.length; from += 3) {
            if (slots[from + 2] != 0) {
                System.arraycopy(slots, from, larger, find(larger, slots[from], slots[from + 1]), 3);
            }
        }
        slots = larger;
    }
}
