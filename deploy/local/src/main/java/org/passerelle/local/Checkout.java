package org.passerelle.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the checkout is. */
final class Checkout {
    private Checkout() {}

    static Optional<Path> root() {
        var named = System.getProperty("passerelle.root");
        if (named != null && !named.isBlank() && isRoot(Path.of(named))) {
            return Optional.of(Path.of(named).toAbsolutePath());
        }
        for (var path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            if (isRoot(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private static boolean isRoot(Path path) {
        return Files.isDirectory(path.resolve("deploy/local/kafka-node"));
    }
}
