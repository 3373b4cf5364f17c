@NullMarked
package org.passerelle.eventsourcing.sealing;

import org.jspecify.annotations.NullMarked;
