package org.passerelle.edge;

/** What a caller's organisation is to a case. */
public enum Relation {
    /** It detected the person and keeps the case. */
    OWNING,
    /** A service of it is being asked. */
    OFFERED,
    /** It is giving a service now. */
    PROVIDING,
    /** It gave a service, which has ended. */
    HAS_PROVIDED,
    /** It is answerable for the work of the owner. */
    SUPERVISING,
    /** It looks after the mechanism as a whole, or a part of the country. */
    COORDINATING,
    /** Its member has broken the glass of this one case and may read what an emergency needs, for an hour. */
    BREAKING_GLASS,
    NONE
}
