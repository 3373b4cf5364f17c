/** A person is handed over to this mechanism by another country's: the receiver's side, until a case is opened. */
@NullMarked
package org.passerelle.identification.arriving;

import org.jspecify.annotations.NullMarked;
