package org.passerelle.eventsourcing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Executors;

/**
 * A witness as somebody else would write it from C2SP's specifications tlog-witness, tlog-cosignature and signed-note, and
 * from RFC 6962: it shares no code with ours, knows {@code add-checkpoint} and nothing else, and keeps of a log the last size
 * and root, in a file.
 */
final class PlainWitness implements AutoCloseable {

    /** What may be put in its way. */
    enum Mood {
        HONEST,
        /** Signs something else than it was shown. */
        WRONG_SIGNATURE,
        /** Puts a line of another key, and one of another kind of key of its own, before its own. */
        MORE_LINES,
        OUT_OF_ORDER
    }

    private final String name;
    private final String logKey;
    private final Path kept;
    private final KeyPair keys;
    volatile Mood mood = Mood.HONEST;
    volatile int asked;
    /** So much older than now is what it answers with. */
    volatile Duration behind = Duration.ZERO;
    /** Happens when it is asked, before it looks. */
    volatile Runnable before = () -> {};

    private HttpServer http;

    /** @param logKey of the log under its origin, as signed-note writes it */
    PlainWitness(String name, String logKey, Path kept) {
        this.name = name;
        this.logKey = logKey;
        this.kept = kept;
        try {
            this.keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        this.http = started(0);
    }

    private HttpServer started(int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/w/add-checkpoint", this::answer);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another process with the same file. */
    void restart() {
        int port = http.getAddress().getPort();
        http.stop(0);
        http = started(port);
    }

    URI prefix() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/w");
    }

    /** {@code name+id+base64(4, key)}. */
    String key() {
        return name + "+" + HexFormat.of().formatHex(id(4)) + "+"
                + Base64.getEncoder().encodeToString(typed(4));
    }

    private byte[] typed(int type) {
        byte[] encoded = keys.getPublic().getEncoded();
        byte[] typed = Arrays.copyOfRange(encoded, encoded.length - 33, encoded.length);
        typed[0] = (byte) type;
        return typed;
    }

    private byte[] id(int type) {
        return Arrays.copyOf(sha256((name + "\n").getBytes(StandardCharsets.UTF_8), typed(type)), 4);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked++;
        before.run();
        int status = 200;
        String type = "text/plain; charset=utf-8";
        String text = "";
        try {
            text = mood == Mood.OUT_OF_ORDER ? refuse(503, "") : cosigned(body);
        } catch (Refused refused) {
            status = refused.status;
            text = refused.getMessage();
            type = status == 409 ? "text/x.tlog.size" : type;
        } catch (GeneralSecurityException e) {
            status = 500;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static final class Refused extends RuntimeException {
        private final int status;

        Refused(int status, String body) {
            super(body);
            this.status = status;
        }
    }

    private static String refuse(int status, String body) {
        throw new Refused(status, body);
    }

    private synchronized String cosigned(String body) throws GeneralSecurityException, IOException {
        int middle = body.indexOf("\n\n");
        int end = body.indexOf("\n\n", middle + 2);
        if (middle < 0 || end < 0 || !body.startsWith("old ")) {
            return refuse(400, "");
        }
        List<String> head = body.substring(0, middle).lines().toList();
        String note = body.substring(middle + 2, end + 1);
        List<String> checkpoint = note.lines().toList();
        if (!checkpoint.getFirst().equals(logKey.substring(0, logKey.indexOf('+')))) {
            return refuse(404, "");
        }
        if (body.substring(end + 2).lines().noneMatch(line -> isOfLog(line, note))) {
            return refuse(403, "");
        }
        long old = Long.parseLong(head.getFirst().substring(4));
        long size = Long.parseLong(checkpoint.get(1));
        byte[] root = Base64.getDecoder().decode(checkpoint.get(2));
        if (old > size) {
            return refuse(400, "");
        }
        String[] known = Files.exists(kept) ? Files.readString(kept).split(" ") : new String[] {"0", ""};
        if (old != Long.parseLong(known[0])) {
            return refuse(409, known[0] + "\n");
        }
        List<byte[]> proof = new ArrayList<>();
        head.subList(1, head.size())
                .forEach(line -> proof.add(Base64.getDecoder().decode(line)));
        byte[] knownRoot = Base64.getDecoder().decode(known[1]);
        if (old == size && old > 0 && !Arrays.equals(root, knownRoot)) {
            return refuse(409, known[0] + "\n");
        }
        if (old > 0 && old < size && !grows(old, size, knownRoot, root, proof)) {
            return refuse(422, "");
        }
        Files.writeString(kept, size + " " + checkpoint.get(2));
        return lines(note);
    }

    private boolean isOfLog(String line, String note) {
        String[] key = logKey.split("\\+", 3);
        byte[] typed = Base64.getDecoder().decode(key[2]);
        String[] parts = line.split(" ");
        byte[] signature = Base64.getDecoder().decode(parts[2]);
        if (!parts[1].equals(key[0])
                || !HexFormat.of().formatHex(signature, 0, 4).equals(key[1])) {
            return false;
        }
        try {
            byte[] header = keys.getPublic().getEncoded();
            System.arraycopy(typed, 1, header, header.length - 32, 32);
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(header)));
            ed25519.update(note.getBytes(StandardCharsets.UTF_8));
            return ed25519.verify(signature, 4, signature.length - 4);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private String lines(String note) throws GeneralSecurityException {
        long now = Instant.now().minus(behind).getEpochSecond();
        String text = "cosignature/v1\ntime " + now + "\n" + note;
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initSign(keys.getPrivate());
        ed25519.update((mood == Mood.WRONG_SIGNATURE ? text + "?" : text).getBytes(StandardCharsets.UTF_8));
        byte[] signature = ed25519.sign();
        String line = line(name, id(4), now, signature);
        return mood == Mood.MORE_LINES
                ? line("stranger.example/w", new byte[] {1, 2, 3, 4}, now, signature)
                        + line(name, id(6), now, new byte[2420])
                        + line
                : line;
    }

    private static String line(String name, byte[] id, long time, byte[] signature) {
        ByteBuffer all =
                ByteBuffer.allocate(12 + signature.length).put(id).putLong(time).put(signature);
        return "— " + name + " " + Base64.getEncoder().encodeToString(all.array()) + "\n";
    }

    /** RFC 6962, 2.1.2, as it is defined: by going down the tree again, from the whole. */
    private static boolean grows(long old, long size, byte[] oldRoot, byte[] root, List<byte[]> proof) {
        try {
            List<byte[]> left = new ArrayList<>(proof);
            byte[][] both = subproof(old, size, true, oldRoot, left);
            return left.isEmpty() && Arrays.equals(both[0], oldRoot) && Arrays.equals(both[1], root);
        } catch (NoSuchElementException e) {
            return false;
        }
    }

    /** The root of the old tree within this part, and of the part. */
    private static byte[][] subproof(long old, long size, boolean whole, byte[] oldRoot, List<byte[]> left) {
        if (old == size) {
            byte[] hash = whole ? oldRoot : left.removeLast();
            return new byte[][] {hash, hash};
        }
        long half = Long.highestOneBit(size - 1);
        byte[] beside = left.removeLast();
        if (old <= half) {
            byte[][] below = subproof(old, half, whole, oldRoot, left);
            return new byte[][] {below[0], node(below[1], beside)};
        }
        byte[][] below = subproof(old - half, size - half, false, oldRoot, left);
        return new byte[][] {node(beside, below[0]), node(beside, below[1])};
    }

    private static byte[] node(byte[] left, byte[] right) {
        return sha256(new byte[] {1}, left, right);
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                all.writeBytes(part);
            }
            return MessageDigest.getInstance("SHA-256").digest(all.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
