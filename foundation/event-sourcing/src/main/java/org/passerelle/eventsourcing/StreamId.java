package org.passerelle.eventsourcing;

/**
 * Names one stream: the kind of thing and which one.
 *
 * @param category lower-case letters, at most 40, no hyphen: {@code case}, {@code referral}
 * @param key      1 to 100 characters, e.g. a case code or a UUID
 */
public record StreamId(String category, String key) implements Comparable<StreamId> {

    public StreamId {
        if (!isCategory(category)) {
            throw new IllegalArgumentException("category: 1 to 40 lower-case letters");
        }
        if (key.isEmpty() || key.length() > 100) {
            throw new IllegalArgumentException("key: 1 to 100 characters");
        }
    }

    /** By hand, since it is asked for every event that is read. */
    private static boolean isCategory(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 'a' || text.charAt(i) > 'z') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 40;
    }

    /** The text form as stored: {@code category-key}. */
    public String text() {
        return category + "-" + key;
    }

    public static StreamId parse(String text) {
        int hyphen = text.indexOf('-');
        if (hyphen < 0) {
            throw new IllegalArgumentException("a stream id is category-key");
        }
        return new StreamId(text.substring(0, hyphen), text.substring(hyphen + 1));
    }

    /** The order in which streams are locked, so that two appends can never wait for each other in a circle. */
    @Override
    public int compareTo(StreamId other) {
        return text().compareTo(other.text());
    }

    @Override
    public String toString() {
        return text();
    }
}
