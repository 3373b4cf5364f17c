package org.passerelle.eventsourcing;

/**
 * What others may know of an event. Holds codes and clocks; never a name, a phone, an address or free text.
 *
 * @param type    {@code passerelle.<service>.<event>.v<version>}
 * @param subject the case code
 * @param key     decides the order that consumers see; the case code where there is a case
 * @param data    written as JSON
 */
public record PublicEvent(String type, String subject, String key, Object data) {}
