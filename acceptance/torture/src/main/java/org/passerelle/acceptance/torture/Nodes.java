package org.passerelle.acceptance.torture;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.passerelle.acceptance.torture.machine.Replica;
import org.passerelle.acceptance.torture.node.Wire;

/** How clients talk to the producing replicas: to any of them, with an end to their patience. */
final class Nodes {

    private static final Duration PATIENCE = Duration.ofSeconds(9);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<Replica> replicas;

    Nodes(List<Replica> replicas) {
        this.replicas = replicas;
    }

    private URI some(Random random, String path) throws IOException {
        URI address = replicas.get(random.nextInt(replicas.size())).address();
        if (address == null) {
            throw new IOException("not up");
        }
        return address.resolve(path);
    }

    Wire.Answer append(Random random, Wire.Ask ask) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(some(random, "/append"))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Wire.JSON.writeValueAsBytes(ask)))
                .build();
        return Wire.JSON.readValue(sent(request), Wire.Answer.class);
    }

    Wire.Page log(Random random, long after) throws IOException, InterruptedException {
        return Wire.JSON.readValue(sent(get(some(random, "/log?" + after))), Wire.Page.class);
    }

    Wire.Stream stream(Random random, String stream) throws IOException, InterruptedException {
        return Wire.JSON.readValue(sent(get(some(random, "/stream?" + stream))), Wire.Stream.class);
    }

    /** The log as it grows, a page for each line, until the connection ends. */
    Stream<String> tail(Random random, long after) throws IOException, InterruptedException {
        var response = http.send(get(some(random, "/tail?" + after)), HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body();
    }

    /** Asks one replica and no other. */
    byte[] ask(Replica replica, String path) throws IOException, InterruptedException {
        URI address = replica.address();
        if (address == null) {
            throw new IOException("not up");
        }
        return sent(get(address.resolve(path)));
    }

    private static HttpRequest get(URI address) {
        return HttpRequest.newBuilder(address).timeout(PATIENCE).build();
    }

    private byte[] sent(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body();
    }
}
