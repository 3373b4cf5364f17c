/** Why a case is closed. */
@NullMarked
package org.passerelle.identification.closing;

import org.jspecify.annotations.NullMarked;
