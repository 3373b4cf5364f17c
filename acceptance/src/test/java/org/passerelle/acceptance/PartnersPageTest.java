package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commands of docs/partners.md, one after the other, as a partner would type them. */
@Tag("partners")
class PartnersPageTest {
    private static final RunningPlatform PLATFORM = RunningPlatform.get();
    private static final Pattern COMMANDS = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyCommandOfThePageWorks() throws IOException, InterruptedException {
        assumeTrue(new ProcessBuilder("sh", "-c", "command -v curl").start().waitFor() == 0, "curl is missing");
        var page = Files.readString(RunningPlatform.root().resolve("docs/partners.md"));
        var script = COMMANDS.matcher(page)
                .results()
                .map((MatchResult block) -> block.group(1))
                .collect(Collectors.joining("\n", "set -euo pipefail\n", ""));
        var bash = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true);
        bash.environment().put("GATEWAY", PLATFORM.gateway().toString());
        var run = bash.start();
        var said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(run.exitValue()).as(said).isZero();
        assertThat(said)
                .containsPattern("the case is [0-9]{4}-[0-9]{4}-[0-9]{4}")
                .containsPattern("\"state\":\"(offered|accepted)\"");
    }
}
