package org.passerelle.edge;

/**
 * What an access decision read of the thing itself, asked again on the very state that the append compares: what came
 * between the decision and the append counts. A service declares a bean of this where that can end access.
 */
public interface AskedAgain {

    /**
     * @param state of the stream that the caller's command is decided on
     * @throws org.passerelle.eventsourcing.Refusal as {@link Access#unknown} where the caller may not any more
     */
    void ask(Object state, Caller caller);
}
