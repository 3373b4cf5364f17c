package org.passerelle.edge;

import org.jspecify.annotations.Nullable;

/**
 * What a command answers.
 *
 * @param location path of what was made, from the service's root
 * @param body     ids, codes and versions; no personal data, since it is kept to be given again
 */
public record Answer(int status, @Nullable String location, Object body) {

    public static Answer created(String location, Object body) {
        return new Answer(201, location, body);
    }

    public static Answer ok(Object body) {
        return new Answer(200, null, body);
    }
}
