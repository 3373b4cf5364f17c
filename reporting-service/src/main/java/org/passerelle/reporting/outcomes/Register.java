package org.passerelle.reporting.outcomes;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is counted by its steps, each told by one public event. */
public enum Register {
    /** By the police, of cases that were referred to them. */
    @JsonProperty("investigations")
    INVESTIGATIONS(
            "referral.investigation-reported",
            "referralId",
            List.of("opened", Register.CONTINUED, "refused", "prosecution", "conviction", "acquittal", "discontinued")),
    /** To other countries' mechanisms. */
    @JsonProperty("hand-overs")
    HAND_OVERS(
            "identification.hand-over-moved",
            "handOverId",
            List.of("requested", "sent", "arrived", "accepted", "declined", "expired", "stopped", "withdrawn")),
    /** From other countries' mechanisms. */
    @JsonProperty("arrivals")
    ARRIVALS(
            "identification.arrival-moved",
            "handOverId",
            List.of("arrived", "accepted", "declined", "expired", "withdrawn"));

    /** A step that was told before, in a later month. */
    public static final String CONTINUED = "continued";

    private final String event;
    private final String of;
    private final List<String> steps;

    Register(String event, String of, List<String> steps) {
        this.event = event;
        this.of = of;
        this.steps = steps;
    }

    /** As the JSON says it and as texts are looked up. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String type() {
        return "passerelle." + event + ".v1";
    }

    /** Who tells it: {@code identification} or {@code referral}. */
    public String service() {
        return event.substring(0, event.indexOf('.'));
    }

    /** The field that says of which investigation or hand-over an event is. */
    public String of() {
        return of;
    }

    /** In the order in which they usually happen. */
    public List<String> steps() {
        return steps;
    }

    /** The step as it is counted; empty for one that is not known here. */
    public Optional<String> step(String told) {
        String step = this == INVESTIGATIONS && told.equals("investigation") ? "opened" : told;
        return steps.contains(step) && !step.equals(CONTINUED) ? Optional.of(step) : Optional.empty();
    }

    public static Optional<Register> toldBy(String type) {
        return Arrays.stream(values()).filter(one -> one.type().equals(type)).findFirst();
    }
}
