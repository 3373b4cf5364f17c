/** Everything Passerelle needs on one machine: real PostgreSQL and Kafka, a login server, the services, a gateway. */
@NullMarked
package org.passerelle.local;

import org.jspecify.annotations.NullMarked;
