/** What whoever gives a service proposes to the sender: that the person comes back, or is referred onward. */
@NullMarked
package org.passerelle.referral.proposing;

import org.jspecify.annotations.NullMarked;
