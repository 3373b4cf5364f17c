/** The rules of a referral's life. */
@NullMarked
package org.passerelle.referral.referring;

import org.jspecify.annotations.NullMarked;
