package org.passerelle.proof;

import java.util.Optional;

/**
 * The name of a piece of a tree as C2SP tlog-tiles cuts it: 256 consecutive hashes of one level, of which each stands for
 * a full tile below. Only the last tile of a level is narrower; it grows until it is full and never changes again.
 *
 * @param level 0 for hashes of leaves
 * @param index from 0
 */
public record Tile(int level, long index) {

    /** Hashes in a full tile. */
    public static final int WIDTH = 256;

    /** Levels of the tree in one tile. */
    static final int HEIGHT = 8;

    private static final int LEVELS = 8;

    public Tile {
        if (level < 0 || level >= LEVELS || index < 0) {
            throw new IllegalArgumentException("no such tile");
        }
    }

    /** How many hashes it has in a tree of that size; 0 to 256. */
    public int width(long size) {
        long hashes = (size >> (HEIGHT * level)) - index * WIDTH;
        return (int) Math.max(0, Math.min(WIDTH, hashes));
    }

    /**
     * @param width as asked for; 256 for a full tile
     */
    public record Asked(Tile tile, int width) {}

    /** The path after {@code tile/}: {@code 0/x001/234} or, for a narrower one, {@code 0/x001/234.p/7}. */
    public static Optional<Asked> parse(String path) {
        String whole = path;
        int width = WIDTH;
        int partial = path.indexOf(".p/");
        if (partial >= 0) {
            width = (int) number(path.substring(partial + 3), 3);
            whole = path.substring(0, partial);
            if (width < 1 || width >= WIDTH) {
                return Optional.empty();
            }
        }
        String[] parts = whole.split("/", -1);
        long level = number(parts[0], 2);
        long index = 0;
        if (parts.length < 2 || parts.length > 6 || level < 0 || level >= LEVELS) {
            return Optional.empty();
        }
        for (int i = 1; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            String digits = last ? parts[i] : parts[i].startsWith("x") ? parts[i].substring(1) : "";
            if (!digits.matches("[0-9]{3}")) {
                return Optional.empty();
            }
            index = index * 1000 + Long.parseLong(digits);
        }
        Tile tile = new Tile((int) level, index);
        return tile.path().equals(whole) ? Optional.of(new Asked(tile, width)) : Optional.empty();
    }

    private static long number(String text, int digits) {
        return text.matches("0|[1-9][0-9]{0," + (digits - 1) + "}") ? Long.parseLong(text) : -1;
    }

    /** Of the full tile, after {@code tile/}. */
    public String path() {
        StringBuilder path = new StringBuilder();
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, String.format("x%03d/", rest % 1000));
        }
        return level + "/" + path + String.format("%03d", index % 1000);
    }
}
