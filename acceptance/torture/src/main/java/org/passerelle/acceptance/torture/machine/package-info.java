/** What can be broken: PostgreSQL, Kafka, the nodes' processes, the connections between them, disk and clock. */
@NullMarked
package org.passerelle.acceptance.torture.machine;

import org.jspecify.annotations.NullMarked;
