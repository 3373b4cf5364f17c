/** The screening instrument as data, and the explained outcome that it gives for a set of answers. */
@NullMarked
package org.passerelle.identification.screening;

import org.jspecify.annotations.NullMarked;
