package org.passerelle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client was compiled by the build when these run; the TypeScript client is compiled here. */
@Tag("clients")
class GeneratedClientsTest {

    private static final Path TARGET = Path.of("target");
    private static final String COMPILER = "META-INF/resources/webjars/typescript/";

    @Test
    void theJavaClientHasAClassForEachGroupOfOperations() throws IOException {
        try (Stream<Path> classes = Files.list(TARGET.resolve("classes/org/passerelle/client/api"))) {
            assertThat(classes.map(file -> file.getFileName().toString()))
                    .contains("IdentificationDetectionApi.class", "ReferralReferralsApi.class");
        }
    }

    @Test
    void theTypeScriptClientCompiles(@TempDir Path compiler) throws Exception {
        assumeTrue(hasNode(), "the TypeScript client is compiled where there is Node.js (node)");
        Path tsc = unpack(compiler);
        Path program = compiler.resolve("program.ts");
        Files.writeString(
                program, """
                import { IdentificationDetectionApi } from '%s';
                new IdentificationDetectionApi().noSuchOperation();
                """.formatted(TARGET.resolve("typescript-client/index").toAbsolutePath()));
        assertThat(compile(tsc, program).lines().filter(line -> line.contains("error TS")))
                .as("the program's own mistake, which shows that the compiler looks, and nothing of the client")
                .singleElement()
                .asString()
                .contains("noSuchOperation");
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException none) {
            return false;
        }
    }

    /** @return what the compiler says; nothing when all is well */
    private static String compile(Path tsc, Path source) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        "node",
                        tsc.toString(),
                        "--noEmit",
                        "--strict",
                        "--target",
                        "es2022",
                        "--module",
                        "esnext",
                        "--moduleResolution",
                        "bundler",
                        "--lib",
                        "es2022,dom",
                        source.toAbsolutePath().toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }

    /** Of its library, which Maven fetched: no npm, no network. */
    private static Path unpack(Path directory) throws IOException {
        Path lib = Files.createDirectory(directory.resolve("lib"));
        var anchor = (JarURLConnection)
                GeneratedClientsTest.class.getResource("/" + COMPILER).openConnection();
        JarFile jar = anchor.getJarFile();
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (entry.getName().matches(COMPILER + "[^/]+/lib/(_?tsc\\.js|lib\\..*d\\.ts)")) {
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, lib.resolve(Path.of(entry.getName()).getFileName()));
                }
            }
        }
        return lib.resolve("tsc.js");
    }
}
