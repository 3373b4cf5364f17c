package org.passerelle.local.demonstration;

/** A service refused what it was asked: its problem answer. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    Refused(String what, Answer answer) {
        super(what + " -> " + answer.status() + " " + answer.text());
        this.answer = answer;
    }

    public Answer answer() {
        return answer;
    }
}
