package org.passerelle.proof;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The right edge of a growing tree: all that is needed to add leaves and to know the root, in 64 hashes at most. */
public final class Frontier {

    private final TreeHash hash;
    /** By height: the root of a complete subtree that has no sibling yet. */
    private final byte[] @Nullable [] edge;

    private long size;

    public Frontier(TreeHash hash) {
        this(hash, new byte[Long.SIZE][], 0);
    }

    private Frontier(TreeHash hash, byte[] @Nullable [] edge, long size) {
        this.hash = hash;
        this.edge = edge;
        this.size = size;
    }

    /** Another one that grows apart from here on. */
    public Frontier copy() {
        return new Frontier(hash, Arrays.copyOf(edge, edge.length), size);
    }

    public void add(byte[] leafHash) {
        byte[] carried = leafHash;
        int height = 0;
        for (long left = size; (left & 1) == 1; left >>= 1) {
            byte[] sibling = edge[height];
            if (sibling == null) {
                throw new IllegalStateException("the edge is broken");
            }
            carried = hash.node(sibling, carried);
            edge[height++] = null;
        }
        edge[height] = carried;
        size++;
    }

    public long size() {
        return size;
    }

    public byte[] root() {
        byte[] root = null;
        for (byte[] subtree : edge) {
            if (subtree != null) {
                root = root == null ? subtree : hash.node(subtree, root);
            }
        }
        return root == null ? hash.empty() : root;
    }
}
