package org.passerelle.eventsourcing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one domain exception: the rules say no. Mapped once, at the edge, to a problem response whose text is looked up by
 * {@link #code()} in the language of the reader. Arguments must never be personal data: they are shown and logged.
 */
public final class Refusal extends RuntimeException {

    /** How a refusal looks from outside, with its HTTP status. */
    public enum Kind {
        /** The state of the thing does not allow it: 409. */
        CONFLICT(409),
        /** There is no such thing, or the caller may not know of it: 404. */
        UNKNOWN(404),
        /** The request is understood and makes no sense: 422. */
        INVALID(422),
        /** The caller decided on an old version: 412. */
        STALE(412);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private final String code;
    private final Kind kind;
    private final @Nullable String field;
    private final List<Object> args;

    private Refusal(String code, Kind kind, @Nullable String field, List<Object> args) {
        super(code, null, false, false);
        this.code = code;
        this.kind = kind;
        this.field = field;
        this.args = List.copyOf(args);
    }

    /** A conflict (409) until another kind is named. */
    public static Refusal of(String code) {
        return new Refusal(code, Kind.CONFLICT, null, List.of());
    }

    public Refusal conflict() {
        return new Refusal(code, Kind.CONFLICT, field, args);
    }

    public Refusal unknown() {
        return new Refusal(code, Kind.UNKNOWN, field, args);
    }

    public Refusal invalid() {
        return new Refusal(code, Kind.INVALID, field, args);
    }

    public Refusal stale() {
        return new Refusal(code, Kind.STALE, field, args);
    }

    /** The request's field that is at fault, as a path: {@code person.birthDate}. */
    public Refusal field(String path) {
        return new Refusal(code, kind, path, args);
    }

    /** Values for the text: codes and numbers only, never a person's data. */
    public Refusal with(Object... values) {
        return new Refusal(code, kind, field, List.of(values));
    }

    /** Stable, lower-case with hyphens; part of the problem's {@code type}. */
    public String code() {
        return code;
    }

    public Kind kind() {
        return kind;
    }

    public @Nullable String field() {
        return field;
    }

    public List<Object> args() {
        return args;
    }
}
