package org.passerelle.eventsourcing.sealing;

/** Names of places in JSON, e.g. {@code person.phones[0]}; no two places of one JSON have the same. */
final class Places {

    private Places() {}

    static String within(String parent, String name) {
        // A name with a separator in it cannot be taken for two.
        String plain = name.replace("\\", "\\\\").replace(".", "\\.").replace("[", "\\[");
        return parent.isEmpty() ? plain : parent + "." + plain;
    }
}
