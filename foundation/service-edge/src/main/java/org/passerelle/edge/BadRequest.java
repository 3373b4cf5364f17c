package org.passerelle.edge;

/** A request that breaks the conventions of the edge; shown as a problem of its code. */
public final class BadRequest extends RuntimeException {

    private final int status;
    private final String code;
    private final String field;

    public BadRequest(int status, String code, String field) {
        super(code, null, false, false);
        this.status = status;
        this.code = code;
        this.field = field;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String field() {
        return field;
    }
}
