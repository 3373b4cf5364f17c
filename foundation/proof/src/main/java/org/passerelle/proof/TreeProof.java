package org.passerelle.proof;

import java.util.Arrays;
import java.util.List;

/** Checks proofs by the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2, for trees of RFC 6962. */
public final class TreeProof {

    private TreeProof() {}

    /** Whether a leaf stands at an index of the tree with this size and root. */
    public static boolean includes(long index, long size, byte[] leafHash, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        TreeHash hash = new TreeHash();
        long node = index;
        long last = size - 1;
        byte[] found = leafHash;
        for (byte[] beside : proof) {
            if (last == 0 || beside.length != TreeHash.BYTES) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                found = hash.node(beside, found);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                found = hash.node(found, beside);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(found, root);
    }

    /** Whether the tree of the old size and root is the beginning of that of the new ones. */
    public static boolean consistent(long oldSize, long newSize, byte[] oldRoot, byte[] newRoot, List<byte[]> proof) {
        if (oldSize < 0 || oldSize > newSize) {
            return false;
        }
        TreeHash hash = new TreeHash();
        if (oldSize == newSize) {
            return proof.isEmpty() && Arrays.equals(oldRoot, newRoot);
        }
        if (oldSize == 0) {
            return proof.isEmpty() && Arrays.equals(oldRoot, hash.empty());
        }
        long node = oldSize - 1;
        long last = newSize - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        boolean complete = Long.bitCount(oldSize) == 1;
        if (proof.isEmpty() && !complete) {
            return false;
        }
        byte[] first = complete ? oldRoot : proof.getFirst();
        byte[] old = first;
        byte[] now = first;
        for (byte[] beside : complete ? proof : proof.subList(1, proof.size())) {
            if (last == 0 || beside.length != TreeHash.BYTES) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                old = hash.node(beside, old);
                now = hash.node(beside, now);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                now = hash.node(now, beside);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(old, oldRoot) && Arrays.equals(now, newRoot);
    }
}
