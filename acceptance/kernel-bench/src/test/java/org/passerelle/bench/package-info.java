/** What the event-sourcing kernel takes, beside plain inserts and another event store on the same PostgreSQL. */
@NullMarked
package org.passerelle.bench;

import org.jspecify.annotations.NullMarked;
