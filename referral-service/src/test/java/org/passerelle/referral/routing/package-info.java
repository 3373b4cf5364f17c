/** The rules of routing. */
@NullMarked
package org.passerelle.referral.routing;

import org.jspecify.annotations.NullMarked;
