package org.passerelle.proof;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * How large a log is and what its root is, as C2SP tlog-checkpoint writes it. Extension lines are let through when it is
 * read, and never written.
 *
 * @param origin which log; for one of ours {@link #origin(String, UUID)}
 * @param root   32 bytes
 */
public record Checkpoint(String origin, long size, byte[] root) {

    private static final String PREFIX = "passerelle/";

    public Checkpoint {
        if (origin.isEmpty() || origin.contains("\n") || size < 0 || root.length != TreeHash.BYTES) {
            throw new IllegalArgumentException("no checkpoint");
        }
    }

    /** The name of a service's log in one of its lives: after a restore another tree grows. */
    public static String origin(String service, UUID epoch) {
        return PREFIX + service + "/" + epoch;
    }

    /** What the origins of all lives of a service's log begin with; also the name its key is told under. */
    public static String log(String service) {
        return PREFIX + service;
    }

    public static String witness(String service) {
        return PREFIX + service + "/witness";
    }

    /** Whether it is a checkpoint of a life of the log with this name. */
    public boolean isOf(String log) {
        return origin.startsWith(log + "/");
    }

    /** @throws IllegalArgumentException for no such text */
    public static Checkpoint parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 3 || !text.endsWith("\n") || !lines.get(1).matches("0|[1-9][0-9]{0,18}")) {
            throw new IllegalArgumentException("no checkpoint");
        }
        byte[] root = Base64.getDecoder().decode(lines.get(2));
        if (!Base64.getEncoder().encodeToString(root).equals(lines.get(2))) {
            throw new IllegalArgumentException("no checkpoint");
        }
        return new Checkpoint(lines.get(0), Long.parseLong(lines.get(1)), root);
    }

    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    public boolean sameTree(Checkpoint other) {
        return origin.equals(other.origin) && size == other.size && Arrays.equals(root, other.root);
    }
}
