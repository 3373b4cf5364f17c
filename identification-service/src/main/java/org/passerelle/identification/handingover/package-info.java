/** A case is handed over to the mechanism of another country: the sender's side. */
@NullMarked
package org.passerelle.identification.handingover;

import org.jspecify.annotations.NullMarked;
