package org.passerelle.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An RFC 6962 tree of which the tiles are kept somewhere: its roots, proofs, and the tiles that new leaves change. */
public final class TileTree {

    /** Where tiles lie. */
    public interface Source {

        /** Its hashes, one after another; at least as many as a tree of the size in question has. */
        byte[] hashes(Tile tile);
    }

    private final TreeHash hash = new TreeHash();
    private final Source source;

    public TileTree(Source source) {
        this.source = source;
    }

    public byte[] root(long size) {
        return size == 0 ? hash.empty() : range(0, size);
    }

    /**
     * The hashes beside the way from a leaf to the root, from below.
     *
     * @param index of the leaf, from 0, less than {@code size}
     */
    public List<byte[]> inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no such leaf");
        }
        List<byte[]> proof = new ArrayList<>();
        beside(index, 0, size, proof);
        return proof;
    }

    private void beside(long index, long from, long to, List<byte[]> proof) {
        if (to - from == 1) {
            return;
        }
        long middle = from + half(to - from);
        if (index < middle) {
            beside(index, from, middle, proof);
            proof.add(range(middle, to));
        } else {
            beside(index, middle, to, proof);
            proof.add(range(from, middle));
        }
    }

    /** That a tree is the beginning of a later one; empty where they are the same or the first has no leaf. */
    public List<byte[]> consistency(long oldSize, long newSize) {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("no such sizes");
        }
        List<byte[]> proof = new ArrayList<>();
        if (oldSize > 0) {
            kept(oldSize, 0, newSize, true, proof);
        }
        return proof;
    }

    private void kept(long oldSize, long from, long to, boolean rootIsKnown, List<byte[]> proof) {
        if (oldSize == to) {
            if (!rootIsKnown) {
                proof.add(range(from, to));
            }
            return;
        }
        long middle = from + half(to - from);
        if (oldSize <= middle) {
            kept(oldSize, from, middle, rootIsKnown, proof);
            proof.add(range(middle, to));
        } else {
            kept(oldSize, middle, to, false, proof);
            proof.add(range(from, middle));
        }
    }

    /** The largest power of two that is less than a number of leaves; at least two of them. */
    private static long half(long leaves) {
        return Long.highestOneBit(leaves - 1);
    }

    private byte[] range(long from, long to) {
        long leaves = to - from;
        if (Long.bitCount(leaves) == 1) {
            int height = Long.numberOfTrailingZeros(leaves);
            return complete(height, from >> height);
        }
        long middle = from + half(leaves);
        return hash.node(range(from, middle), range(middle, to));
    }

    /** The root of a complete subtree, out of the one tile that has it. */
    private byte[] complete(int height, long index) {
        int level = height / Tile.HEIGHT;
        int within = height % Tile.HEIGHT;
        long first = index << within;
        byte[] hashes = source.hashes(new Tile(level, first / Tile.WIDTH));
        return folded(hashes, (int) (first % Tile.WIDTH), 1 << within);
    }

    private byte[] folded(byte[] hashes, int first, int count) {
        if (count == 1) {
            if ((first + 1) * TreeHash.BYTES > hashes.length) {
                throw new IllegalStateException("a tile is too narrow");
            }
            return Arrays.copyOfRange(hashes, first * TreeHash.BYTES, (first + 1) * TreeHash.BYTES);
        }
        int half = count / 2;
        return hash.node(folded(hashes, first, half), folded(hashes, first + half, half));
    }

    /**
     * The tiles that leaves change when they are added behind a tree of some size: each whole, as it then is.
     *
     * @param leafHashes not empty
     */
    public Map<Tile, byte[]> added(long size, List<byte[]> leafHashes) {
        Map<Tile, byte[]> changed = new LinkedHashMap<>();
        List<byte[]> hashes = leafHashes;
        long first = size;
        for (int level = 0; !hashes.isEmpty(); level++) {
            List<byte[]> above = new ArrayList<>();
            for (int done = 0; done < hashes.size(); ) {
                Tile tile = new Tile(level, (first + done) / Tile.WIDTH);
                int before = (int) ((first + done) % Tile.WIDTH);
                int adding = Math.min(Tile.WIDTH - before, hashes.size() - done);
                byte[] whole = new byte[(before + adding) * TreeHash.BYTES];
                if (before > 0) {
                    System.arraycopy(source.hashes(tile), 0, whole, 0, before * TreeHash.BYTES);
                }
                for (int i = 0; i < adding; i++) {
                    System.arraycopy(hashes.get(done + i), 0, whole, (before + i) * TreeHash.BYTES, TreeHash.BYTES);
                }
                changed.put(tile, whole);
                if (before + adding == Tile.WIDTH) {
                    above.add(folded(whole, 0, Tile.WIDTH));
                }
                done += adding;
            }
            first /= Tile.WIDTH;
            hashes = above;
        }
        return changed;
    }
}
