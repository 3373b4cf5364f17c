package org.passerelle.referral.referring;

/** How the needs of one kind fared; {@code open} also where no consent was ever given. */
record Fared(int needs, int firstTry, int rerouted, int gap, int open) {

    static final Fared NONE = new Fared(0, 0, 0, 0, 0);

    Fared and(Fared other) {
        return new Fared(
                needs + other.needs,
                firstTry + other.firstTry,
                rerouted + other.rerouted,
                gap + other.gap,
                open + other.open);
    }
}
