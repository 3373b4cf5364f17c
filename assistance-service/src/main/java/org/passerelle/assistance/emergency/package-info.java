/** Who broke the glass of a case, as identification-service tells it. */
@NullMarked
package org.passerelle.assistance.emergency;

import org.jspecify.annotations.NullMarked;
