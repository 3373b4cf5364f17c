package org.passerelle.edge;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.quarkus.hibernate.validator.runtime.jaxrs.ResteasyReactiveViolationException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.pgclient.PgException;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.passerelle.eventsourcing.AppendRejected;
import org.passerelle.eventsourcing.Infrastructure;
import org.passerelle.eventsourcing.Refusal;

/** Every error becomes a problem, once, here. None quotes what was sent. */
public class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    /** character_not_in_repertoire, untranslatable_character */
    private static final Set<String> NOT_IN_A_TEXT = Set.of("22021", "22P05");

    @Inject
    Problems problems;

    @ServerExceptionMapper
    public Response refusal(Refusal refusal) {
        return problems.respond(
                refusal.kind().status(),
                refusal.code(),
                refusal.field(),
                refusal.args().toArray());
    }

    @ServerExceptionMapper
    public Response badRequest(BadRequest bad) {
        return problems.respond(bad.status(), bad.code(), bad.field());
    }

    @ServerExceptionMapper
    public Response loginAgain(LoginAgain again) {
        long seconds = again.maxAge().toSeconds();
        Response response = problems.respond(401, "login-again", null, seconds / 60);
        response.getHeaders()
                .putSingle(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer error=\"insufficient_user_authentication\", max_age=\"" + seconds + "\"");
        return response;
    }

    @ServerExceptionMapper
    public Response tooManyCases(TooManyCases many) {
        long seconds = Math.max(1, many.retryAfter().toSeconds());
        Response response = problems.respond(429, "too-many-cases", null, (seconds + 59) / 60);
        response.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return response;
    }

    /** Where a version was named; a creation that comes second is a conflict, see {@link Commands#create}. */
    @ServerExceptionMapper
    public Response versionConflict(AppendRejected.VersionConflict conflict) {
        return problems.respond(412, "stale-version", null, conflict.actual(), conflict.actual());
    }

    @ServerExceptionMapper
    public Response inFlight(AppendRejected.InFlight inFlight) {
        return problems.respond(409, "idempotency-key-in-flight", "Idempotency-Key");
    }

    @ServerExceptionMapper
    public Response keyReused(AppendRejected.KeyReused reused) {
        return problems.respond(422, "idempotency-key-reused", "Idempotency-Key");
    }

    @ServerExceptionMapper
    public Response tooLarge(AppendRejected.TooLarge large) {
        return problems.respond(413, "too-large", null);
    }

    @ServerExceptionMapper(ResteasyReactiveViolationException.class)
    public Response invalid(ConstraintViolationException invalid) {
        List<Problem.FieldError> errors = invalid.getConstraintViolations().stream()
                .map(violation -> new Problem.FieldError(path(violation), violation.getMessage()))
                .sorted(Comparator.comparing(Problem.FieldError::field))
                .toList();
        return problems.invalid(400, "invalid-fields", errors);
    }

    /** Without the names of the method and of its parameter for the body. */
    private static String path(ConstraintViolation<?> violation) {
        String path = violation.getPropertyPath().toString();
        String[] parts = path.split("\\.", 3);
        return parts.length == 3 ? parts[2] : parts[parts.length - 1];
    }

    /** Named one by one: Quarkus has a mapper of its own for the first, which would win over a more general one. */
    @ServerExceptionMapper({MismatchedInputException.class, JsonProcessingException.class})
    public Response unreadable(JsonProcessingException unreadable) {
        if (unreadable instanceof UnrecognizedPropertyException unknown) {
            return problems.respond(400, "unknown-field", path(unknown));
        }
        if (unreadable instanceof ValueInstantiationException value && value.getCause() instanceof Refusal refusal) {
            return problems.respond(
                    422, refusal.code(), path(value), refusal.args().toArray());
        }
        if (unreadable instanceof MismatchedInputException mismatch) {
            String field = path(mismatch);
            return field.isEmpty()
                    ? problems.respond(400, "unreadable-body", null, line(unreadable))
                    : problems.respond(400, "wrong-value", field);
        }
        if (unreadable instanceof JsonMappingException mapping && !path(mapping).isEmpty()) {
            return problems.respond(400, "wrong-value", path(mapping));
        }
        return problems.respond(400, "unreadable-body", null, line(unreadable));
    }

    /** Of a record in our own code when writing; of what was sent when reading. Quarkus would quote it in the log. */
    @ServerExceptionMapper
    public Response undefined(InvalidDefinitionException undefined) {
        return undefined.getProcessor() instanceof JsonParser
                ? problems.respond(400, "wrong-value", path(undefined))
                : anythingElse(undefined);
    }

    private static int line(JsonProcessingException unreadable) {
        JsonLocation location = unreadable.getLocation();
        return location == null ? 0 : location.getLineNr();
    }

    private static String path(JsonMappingException mapping) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : mapping.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    @ServerExceptionMapper
    public Response http(WebApplicationException http) {
        if (http.getCause() instanceof JsonProcessingException unreadable) {
            return unreadable(unreadable);
        }
        int status = http.getResponse().getStatus();
        return switch (status) {
            case 400 -> problems.respond(400, "bad-request", null);
            case 401 -> problems.respond(401, "login-needed", null);
            case 403 -> problems.respond(403, "not-permitted", null);
            case 404 -> problems.respond(404, "no-such-page", null);
            case 405 -> problems.respond(405, "method-not-allowed", null);
            case 406 -> problems.respond(406, "not-acceptable", null);
            case 413 -> problems.respond(413, "too-large", null);
            case 415 -> problems.respond(415, "unsupported-media-type", "Content-Type");
            default ->
                status < 400
                        ? http.getResponse()
                        : problems.respond(status, status < 500 ? "bad-request" : "internal-error", null);
        };
    }

    @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
    public Response unauthorized(SecurityException unauthorized) {
        return problems.respond(401, "login-needed", null);
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException forbidden) {
        return problems.respond(403, "not-permitted", null);
    }

    /** PostgreSQL keeps no NUL in a text; nobody means one, so it is only said where it comes to that. */
    private static boolean cannotBeKept(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth++ < 10; cause = cause.getCause()) {
            String state = switch (cause) {
                case SQLException sql -> sql.getSQLState();
                case PgException postgres -> postgres.getSqlState();
                default -> null;
            };
            if (state != null && NOT_IN_A_TEXT.contains(state)) {
                return true;
            }
        }
        return false;
    }

    @ServerExceptionMapper
    public Response anythingElse(Throwable failure) {
        if (Infrastructure.isTrouble(failure)) {
            return problems.respond(503, "unavailable", null);
        }
        if (cannotBeKept(failure)) {
            return problems.respond(400, "characters-not-kept", null);
        }
        String id = UUID.randomUUID().toString();
        // Classes and places only: a message could quote a person's data.
        StringBuilder chain = new StringBuilder();
        for (Throwable cause = failure; cause != null && chain.length() < 1000; cause = cause.getCause()) {
            chain.append(chain.isEmpty() ? "" : " <- ").append(cause.getClass().getName());
            if (cause.getStackTrace().length > 0) {
                chain.append(" at ").append(cause.getStackTrace()[0]);
            }
        }
        LOG.errorf("error %s: %s", id, chain);
        return problems.respond(500, "internal-error", null, id);
    }
}
