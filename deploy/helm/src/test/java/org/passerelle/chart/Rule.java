package org.passerelle.chart;

import java.util.List;
import java.util.function.Function;

/**
 * One rule over all that is rendered.
 *
 * @param claim what holds, as a sentence a reviewer can read
 * @param violations what breaks it; empty when it holds
 */
record Rule(String claim, Function<Rendered, List<String>> violations) {

    @Override
    public String toString() {
        return claim;
    }
}
