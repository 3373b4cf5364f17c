/**
 * What the edges of the four services share: access decisions, commands over HTTP, problems, the record of reads, and
 * the wiring of the event store.
 */
@NullMarked
package org.passerelle.edge;

import org.jspecify.annotations.NullMarked;
