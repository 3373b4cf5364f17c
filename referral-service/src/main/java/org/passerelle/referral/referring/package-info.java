/**
 * A referral's life: from a stated need through offers to one that is accepted and completed, or to the person who must
 * decide because no offer is left.
 */
@NullMarked
package org.passerelle.referral.referring;

import org.jspecify.annotations.NullMarked;
