/** The rules of counter-referrals and onward referrals. */
@NullMarked
package org.passerelle.referral.proposing;

import org.jspecify.annotations.NullMarked;
