/** What the person needs, how urgently, and the clock that belongs to the need. */
@NullMarked
package org.passerelle.identification.needs;

import org.jspecify.annotations.NullMarked;
