/** The service as a whole, on real PostgreSQL and Kafka, over real HTTP. */
@NullMarked
package org.passerelle.referral;

import org.jspecify.annotations.NullMarked;
