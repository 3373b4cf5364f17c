/** What becomes of this service's data of a person who is erased. */
@NullMarked
package org.passerelle.assistance.erasing;

import org.jspecify.annotations.NullMarked;
