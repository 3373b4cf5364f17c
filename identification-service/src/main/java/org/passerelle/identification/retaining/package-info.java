/** How long the country keeps what is personal of a closed case. */
@NullMarked
package org.passerelle.identification.retaining;

import org.jspecify.annotations.NullMarked;
