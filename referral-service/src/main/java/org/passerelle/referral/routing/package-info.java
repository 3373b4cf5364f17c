/**
 * Which service can take a need: hard rules leave out, soft rules rank, and every service considered is told why. Plain
 * functions of what they are given; the same input always gives the same ranking.
 */
@NullMarked
package org.passerelle.referral.routing;

import org.jspecify.annotations.NullMarked;
