/** The public form of events. */
@NullMarked
package org.passerelle.referral.publishing;

import org.jspecify.annotations.NullMarked;
