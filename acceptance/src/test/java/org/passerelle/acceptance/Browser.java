package org.passerelle.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Chromium with the screen of a telephone, driven by its DevTools protocol: it types and clicks as a person does. */
final class Browser implements AutoCloseable {
    static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

    Browser(String language) throws Exception {
        Path profile = Files.createTempDirectory("passerelle-browser-");
        process = new ProcessBuilder(
                        CHROMIUM.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--accept-lang=" + language,
                        "--user-data-dir=" + profile,
                        "--window-size=390,844",
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("browser.log").toFile())
                .start();
        Path ports = profile.resolve("DevToolsActivePort");
        until(() -> Files.exists(ports) && Files.readAllLines(ports).size() > 1);
        HttpClient http = HttpClient.newHttpClient();
        URI pages = URI.create("http://127.0.0.1:" + Files.readAllLines(ports).getFirst() + "/json/list");
        JsonNode page = null;
        for (JsonNode one :
                JSON.readTree(http.send(HttpRequest.newBuilder(pages).build(), BodyHandlers.ofString())
                        .body())) {
            page = one.path("type").asText().equals("page") ? one : page;
        }
        if (page == null) {
            throw new IllegalStateException("the browser has no page");
        }
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page.path("webSocketDebuggerUrl").asText()), new Answers())
                .get(30, TimeUnit.SECONDS);
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    JsonNode message = JSON.readTree(text.toString());
                    CompletableFuture<JsonNode> asked =
                            waiting.remove(message.path("id").asInt(-1));
                    if (asked != null) {
                        asked.complete(message.path("result"));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } finally {
                    text.setLength(0);
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    private JsonNode ask(String method, Map<String, ?> parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).get(30, TimeUnit.SECONDS);
        return answer.get(30, TimeUnit.SECONDS);
    }

    void open(URI page) throws Exception {
        ask("Page.navigate", Map.of("url", page.toString()));
        until(() -> evaluate("document.readyState === 'complete' && location.protocol !== 'about:'")
                .asBoolean());
    }

    /** What somebody sees of the page. */
    String text() throws Exception {
        return evaluate("document.body.innerText").asText();
    }

    void awaits(String text) throws Exception {
        until(() -> text().contains(text));
    }

    void type(String selector, String text) throws Exception {
        evaluate("document.querySelector('" + selector + "').focus()");
        ask("Input.insertText", Map.of("text", text));
    }

    /** With a finger in the middle of it: what cannot be seen cannot be pressed. */
    void press(String selector) throws Exception {
        JsonNode at = evaluate("(() => { const e = document.querySelector('" + selector
                + "'); e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
        for (String type : new String[] {"mousePressed", "mouseReleased"}) {
            ask(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.path("x").asDouble(),
                            "y",
                            at.path("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    void picture(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        JsonNode picture = ask("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
    }

    private JsonNode evaluate(String script) throws Exception {
        return ask("Runtime.evaluate", Map.of("expression", script, "returnByValue", true))
                .path("result")
                .path("value");
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the browser does not show what it should");
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
    }
}
