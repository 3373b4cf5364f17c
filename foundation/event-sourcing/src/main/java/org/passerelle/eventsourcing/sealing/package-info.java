/**
 * Personal fields of events are sealed before they are stored, each with a data key of its person and category. Whoever
 * destroys the keys has erased the fields, in every copy and backup of the events at once, and no event was changed.
 */
@NullMarked
package org.passerelle.eventsourcing.sealing;

import org.jspecify.annotations.NullMarked;
