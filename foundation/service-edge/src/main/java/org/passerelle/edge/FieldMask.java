package org.passerelle.edge;

/** How much of a case a decision lets through; each includes the ones before it. */
public enum FieldMask {
    NOTHING,
    /** Codes, needs and clocks. */
    CODES,
    /** The redacted summary: age band, region, need. */
    SUMMARY,
    /** What the person agreed to share with this organisation. */
    SLICE,
    ALL;

    public boolean covers(FieldMask other) {
        return compareTo(other) >= 0;
    }
}
