/** The public form of the service's events, and whom each concerns. */
@NullMarked
package org.passerelle.referral.publishing;

import org.jspecify.annotations.NullMarked;
