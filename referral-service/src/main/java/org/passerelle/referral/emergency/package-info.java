/** Who broke the glass of a case, as identification-service tells it. */
@NullMarked
package org.passerelle.referral.emergency;

import org.jspecify.annotations.NullMarked;
