/** Which organisation stands in which relation to a case, and for which need. */
@NullMarked
package org.passerelle.identification.providing;

import org.jspecify.annotations.NullMarked;
