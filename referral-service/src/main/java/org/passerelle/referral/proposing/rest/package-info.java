/** Counter-referrals and onward referrals over HTTP. */
@NullMarked
package org.passerelle.referral.proposing.rest;

import org.jspecify.annotations.NullMarked;
