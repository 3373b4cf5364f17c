/** For tests of event-sourced code: a real store, given / when / then for deciders, seeded random cases. */
@NullMarked
package org.passerelle.eventsourcing.testkit;

import org.jspecify.annotations.NullMarked;
