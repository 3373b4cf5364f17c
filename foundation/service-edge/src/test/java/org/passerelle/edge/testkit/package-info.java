/** What the services' tests share: real PostgreSQL, Kafka and login server, tokens, and events from other services. */
@NullMarked
package org.passerelle.edge.testkit;

import org.jspecify.annotations.NullMarked;
