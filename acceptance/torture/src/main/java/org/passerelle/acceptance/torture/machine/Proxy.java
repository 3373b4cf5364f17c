package org.passerelle.acceptance.torture.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A TCP proxy on the loopback interface that can do what networks do. Two virtual threads for each connection; nothing
 * is buffered beyond one read.
 */
public final class Proxy implements AutoCloseable {

    /** How traffic is treated. */
    public enum Mode {
        PASS,
        /** Every piece comes late, by 1 to {@value #LATE_MILLIS} ms. */
        LATE,
        /** Nothing comes through and nobody is told; new connections hang. */
        BLACK_HOLE,
        /** What is asked gets there, what is answered gets lost: the outcome stays unknown. */
        ANSWERS_LOST,
        /** New connections are refused. */
        REFUSE
    }

    private static final int LATE_MILLIS = 60;
    private static final int PIECE = 16 * 1024;

    private final ServerSocket server;
    private final int target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private volatile Mode mode = Mode.PASS;
    private volatile boolean open = true;

    public Proxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Changes how traffic is treated; connections that lost answers cannot be mended and are cut. */
    public void set(Mode next) {
        synchronized (change) {
            mode = next;
            change.notifyAll();
        }
        if (next == Mode.PASS) {
            links.stream().filter(link -> link.torn).forEach(Link::cut);
        }
    }

    /** Resets all connections, as a crashed router would. */
    public void cut() {
        links.forEach(Link::cut);
    }

    /** Clients are told that nothing more will come, while what they send still gets through. */
    public void halfClose() {
        links.forEach(Link::halfClose);
    }

    private void accept() {
        while (open) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().name("link").start(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            awaitPassage();
            if (mode == Mode.REFUSE) {
                reset(client);
                return;
            }
            Socket upstream = new Socket();
            upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2_000);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            Link link = new Link(client, upstream);
            links.add(link);
            Thread.ofVirtual().name("answers").start(() -> link.pump(upstream, client, true));
            link.pump(client, upstream, false);
        } catch (IOException nobodyThere) {
            reset(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPassage() throws InterruptedException {
        if (mode != Mode.BLACK_HOLE) {
            return;
        }
        synchronized (change) {
            while (mode == Mode.BLACK_HOLE && open) {
                change.wait();
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            // Closing with zero linger sends a reset.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            return;
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket upstream;
        private volatile boolean torn;

        Link(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void pump(Socket from, Socket to, boolean answers) {
            byte[] piece = new byte[PIECE];
            try {
                int length;
                while ((length = from.getInputStream().read(piece)) >= 0) {
                    awaitPassage();
                    switch (mode) {
                        case LATE -> Thread.sleep(ThreadLocalRandom.current().nextInt(1, LATE_MILLIS + 1));
                        case ANSWERS_LOST -> torn |= answers;
                        case PASS, BLACK_HOLE, REFUSE -> {}
                    }
                    if (!(answers && torn)) {
                        to.getOutputStream().write(piece, 0, length);
                    }
                }
                awaitPassage();
                to.shutdownOutput();
                if (from.isOutputShutdown() || to.isInputShutdown()) {
                    end();
                }
            } catch (IOException gone) {
                if (!(answers && client.isOutputShutdown() && !client.isClosed())) {
                    cut();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cut();
            }
        }

        void halfClose() {
            try {
                client.shutdownOutput();
            } catch (IOException gone) {
                cut();
            }
        }

        void end() {
            links.remove(this);
            try (client;
                    upstream) {
                return;
            } catch (IOException gone) {
                return;
            }
        }

        void cut() {
            links.remove(this);
            reset(client);
            reset(upstream);
        }
    }

    @Override
    public void close() {
        open = false;
        set(Mode.PASS);
        cut();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
