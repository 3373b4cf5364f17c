/** An agency's own subscription: the events that concern it, by polling and on a Kafka topic of its own. */
@NullMarked
package org.passerelle.referral.subscriptions;

import org.jspecify.annotations.NullMarked;
