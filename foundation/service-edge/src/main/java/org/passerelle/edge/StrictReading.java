package org.passerelle.edge;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * A field that is said twice is refused: whichever of the two counted, somebody who looked at the other would have been
 * deceived. So is what is longer or more than anybody means; 1 000 levels is Jackson's own limit.
 */
@Singleton
public class StrictReading implements ObjectMapperCustomizer {

    /** Of one text in a request, in UTF-16 units; most fields have a limit of their own, far below. */
    static final int LONGEST_TEXT = 65_536;

    /** Names, values and brackets in a request, so no list in it is longer either. */
    static final int MOST_TOKENS = 1_000_000;

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(LONGEST_TEXT)
                        .maxTokenCount(MOST_TOKENS)
                        .build());
    }
}
