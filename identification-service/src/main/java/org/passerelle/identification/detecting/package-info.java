/** A person was found: who found them, where, when and how. */
@NullMarked
package org.passerelle.identification.detecting;

import org.jspecify.annotations.NullMarked;
