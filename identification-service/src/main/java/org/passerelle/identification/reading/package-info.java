/** Who may read what of a case, and what they are shown. */
@NullMarked
package org.passerelle.identification.reading;

import org.jspecify.annotations.NullMarked;
