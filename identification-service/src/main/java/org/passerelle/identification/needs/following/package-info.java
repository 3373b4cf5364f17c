/** Needs that follow from what the referral service tells. */
@NullMarked
package org.passerelle.identification.needs.following;

import org.jspecify.annotations.NullMarked;
