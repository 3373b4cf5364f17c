package org.passerelle.acceptance.torture.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A small disk in memory that can be made full: a tmpfs whose size is taken away. Needs the right to mount, which the
 * launcher takes from a namespace of its own; without it the disk is an ordinary directory and is never full.
 */
final class Disk implements AutoCloseable {

    private static final long SIZE = 2L << 30;

    private final Path directory;
    private final boolean mounted;

    Disk(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        mounted = mountsAreOurOwn()
                && Signals.succeeds(
                        List.of("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", directory.toString()));
    }

    /** A mount outside a namespace of ours would outlive us if we were killed. */
    private static boolean mountsAreOurOwn() {
        return Boolean.getBoolean("torture.namespace");
    }

    boolean canBeFull() {
        return mounted;
    }

    void fill() {
        try {
            var store = Files.getFileStore(directory);
            long used = store.getTotalSpace() - store.getUnallocatedSpace();
            resize(used + (1 << 20));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void free() {
        resize(SIZE);
    }

    private void resize(long bytes) {
        if (!Signals.succeeds(List.of("mount", "-o", "remount,size=" + bytes, directory.toString()))) {
            throw new IllegalStateException("the small disk could not be resized");
        }
    }

    @Override
    public void close() {
        if (mounted) {
            Signals.succeeds(List.of("umount", "-l", directory.toString()));
        }
    }
}
