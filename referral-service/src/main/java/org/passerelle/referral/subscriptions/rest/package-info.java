/** Subscriptions over HTTP. */
@NullMarked
package org.passerelle.referral.subscriptions.rest;

import org.jspecify.annotations.NullMarked;
