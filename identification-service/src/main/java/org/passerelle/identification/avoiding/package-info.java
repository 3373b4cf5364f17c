/** Where and to whom a person must not be sent, because it would put them in danger. */
@NullMarked
package org.passerelle.identification.avoiding;

import org.jspecify.annotations.NullMarked;
