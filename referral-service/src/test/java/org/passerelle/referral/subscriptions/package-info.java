/** Subscriptions. */
@NullMarked
package org.passerelle.referral.subscriptions;

import org.jspecify.annotations.NullMarked;
