/** The rules of investigations. */
@NullMarked
package org.passerelle.referral.investigating;

import org.jspecify.annotations.NullMarked;
