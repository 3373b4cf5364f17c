package org.passerelle.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.AlreadyAnswered;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.AppendRejected;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Handled;
import org.passerelle.eventsourcing.Once;
import org.passerelle.eventsourcing.Outcome;
import org.passerelle.eventsourcing.Receipt;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StoredAnswer;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;

/**
 * Commands over HTTP: {@code Idempotency-Key} makes a repeat harmless, {@code If-Match} keeps two people from deciding
 * on different versions, {@code ETag} tells the version.
 */
@ApplicationScoped
public class Commands {

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    /** How often something is planned again because somebody else was quicker. */
    private static final int ATTEMPTS = 10;

    @Inject
    EventStore store;

    @Inject
    ObjectMapper json;

    @Inject
    Access access;

    @Inject
    Instance<AskedAgain> askedAgain;

    @Inject
    HttpHeaders headers;

    @Inject
    UriInfo uri;

    @Inject
    jakarta.ws.rs.core.Request request;

    /** Makes a new thing: 409 when it exists. */
    public <C, S, E> Uni<Response> create(
            StreamKind<C, S, E> kind, StreamId stream, C command, Object body, Function<Handled<S, E>, Answer> answer) {
        return handle(kind, stream, command, ExpectedVersion.none(), body, answer)
                .onFailure(AppendRejected.VersionConflict.class)
                .transform(conflict -> Refusal.of("already-exists"));
    }

    /** Adds to a thing; {@code If-Match} is honoured where it is sent. */
    public <C, S, E> Uni<Response> add(
            StreamKind<C, S, E> kind, StreamId stream, C command, Object body, Function<Handled<S, E>, Answer> answer) {
        String ifMatch = headers.getHeaderString(HttpHeaders.IF_MATCH);
        return handle(kind, stream, command, ifMatch == null ? ExpectedVersion.any() : expected(ifMatch), body, answer);
    }

    /** Changes a thing: {@code If-Match} is needed (428) and must name the current version (412). */
    public <C, S, E> Uni<Response> change(
            StreamKind<C, S, E> kind, StreamId stream, C command, Object body, Function<Handled<S, E>, Answer> answer) {
        String ifMatch = headers.getHeaderString(HttpHeaders.IF_MATCH);
        if (ifMatch == null) {
            throw new BadRequest(428, "if-match-needed", HttpHeaders.IF_MATCH);
        }
        return handle(kind, stream, command, expected(ifMatch), body, answer);
    }

    /**
     * For a command that is checked before it is decided: a repeat gets its first answer, whatever the check would say by now.
     *
     * @param otherwise the check and the command; asked for only where the key is new
     */
    public Uni<Response> unlessAnswered(Object body, Supplier<Uni<Response>> otherwise) {
        return store.answerTo(receiptKey(), fingerprint(body))
                .flatMap(first -> first.isPresent() ? Uni.createFrom().item(response(first.get())) : otherwise.get());
    }

    private <C, S, E> Uni<Response> handle(
            StreamKind<C, S, E> kind,
            StreamId stream,
            C command,
            ExpectedVersion expected,
            Object body,
            Function<Handled<S, E>, Answer> answer) {
        Once<S, E> once = new Once<>(
                receiptKey(), fingerprint(body), handled -> stored(answer.apply(handled), handled.version()));
        return store.handle(asking(kind), stream, command, expected, access.by(), once)
                .map(Outcome::answer)
                .map(Commands::response);
    }

    /** The same, but the caller's access is asked again on the state that a command is decided on. */
    public <C, S, E> StreamKind<C, S, E> asking(StreamKind<C, S, E> kind) {
        Caller caller = access.caller();
        return kind.asking(state -> askedAgain.forEach(question -> question.ask(state, caller)));
    }

    /**
     * Appends to several streams at once with one receipt. Where somebody changes one of them meanwhile it is planned
     * again; 409 only when that happens time after time.
     *
     * @param plan   made only where the key is new; reads anew whenever it is subscribed to
     * @param appends of the plan
     * @param answer  of the plan
     */
    public <P> Uni<Response> append(
            Object body, Uni<P> plan, Function<P, java.util.List<StreamAppend>> appends, Function<P, Answer> answer) {
        return append(receiptKey(), body, plan, appends, answer);
    }

    /** The same for callers that may send no key: their plan is to see for itself what is a repeat. */
    public <P> Uni<Response> appendAlsoWithoutKey(
            Object body, Uni<P> plan, Function<P, java.util.List<StreamAppend>> appends, Function<P, Answer> answer) {
        return append(hasKey() ? receiptKey() : UUID.randomUUID().toString(), body, plan, appends, answer);
    }

    /** Whether the caller sent an {@code Idempotency-Key}. */
    public boolean hasKey() {
        return headers.getHeaderString("Idempotency-Key") != null;
    }

    private <P> Uni<Response> append(
            String key,
            Object body,
            Uni<P> plan,
            Function<P, java.util.List<StreamAppend>> appends,
            Function<P, Answer> answer) {
        byte[] fingerprint = fingerprint(body);
        var by = access.by();
        return store.answerTo(key, fingerprint)
                .flatMap(first -> first.isPresent()
                        ? Uni.createFrom().item(first.get())
                        : plan.flatMap(planned -> {
                                    StoredAnswer given = stored(answer.apply(planned), 0);
                                    Receipt receipt = new Receipt(key, fingerprint, given);
                                    return store.append(new Append(appends.apply(planned), by, receipt))
                                            .replaceWith(given);
                                })
                                .onFailure(AppendRejected.VersionConflict.class)
                                .retry()
                                .atMost(ATTEMPTS))
                .onFailure(AlreadyAnswered.class)
                .recoverWithItem(failure -> ((AlreadyAnswered) failure).answer())
                .onFailure(AppendRejected.VersionConflict.class)
                .transform(conflict -> Refusal.of("changed-meanwhile"))
                .map(Commands::response);
    }

    private StoredAnswer stored(Answer answer, long version) {
        return new StoredAnswer(answer.status(), answer.location(), version, bytes(answer.body()));
    }

    private static Response response(StoredAnswer answer) {
        Response.ResponseBuilder response = Response.status(answer.status())
                .type("application/json")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(new String(answer.body(), StandardCharsets.UTF_8));
        if (answer.version() > 0) {
            response.header(HttpHeaders.ETAG, etag(answer.version()));
        }
        if (answer.location() != null) {
            response.header(HttpHeaders.LOCATION, answer.location());
        }
        return response.build();
    }

    /** The strong ETag of a version. */
    public static String etag(long version) {
        return "\"" + version + "\"";
    }

    private static ExpectedVersion expected(String ifMatch) {
        Matcher etag = ETAG.matcher(ifMatch.strip());
        if (!etag.matches()) {
            throw new BadRequest(400, "if-match-malformed", HttpHeaders.IF_MATCH);
        }
        return ExpectedVersion.exactly(Long.parseLong(etag.group(1)));
    }

    /** Who asks and their key; hashed, so that the table of receipts names nobody. */
    private String receiptKey() {
        String key = headers.getHeaderString("Idempotency-Key");
        if (key == null) {
            throw new BadRequest(400, "idempotency-key-needed", "Idempotency-Key");
        }
        if (!KEY.matcher(key).matches()) {
            throw new BadRequest(400, "idempotency-key-malformed", "Idempotency-Key");
        }
        Caller caller = access.caller();
        byte[] hash = sha256((caller.issuer() + "\n" + caller.subject() + "\n" + key).getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    private byte[] fingerprint(@Nullable Object body) {
        MessageDigest digest = digest();
        digest.update((request.getMethod() + " " + uri.getPath() + "\n").getBytes(StandardCharsets.UTF_8));
        return digest.digest(
                body == null ? new byte[0] : canonical(json.valueToTree(body)).getBytes(StandardCharsets.UTF_8));
    }

    /** The same text for the same request after a restart too: a set has another order in every JVM. */
    private static String canonical(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(field -> field.getKey() + ":" + canonical(field.getValue()))
                    .sorted()
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(Commands::canonical)
                    .sorted()
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return node.toString();
    }

    private byte[] bytes(Object value) {
        try {
            return json.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        return digest().digest(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
