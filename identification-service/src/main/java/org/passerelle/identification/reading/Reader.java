package org.passerelle.identification.reading;

import java.time.Instant;
import org.passerelle.identification.screening.rest.Instruments;

/**
 * Under which circumstances somebody reads.
 *
 * @param language ISO 639-1, for explanations
 */
record Reader(Instant now, String language, Instruments instruments) {}
