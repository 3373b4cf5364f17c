/** What the person agreed to, with whom it may be shared, and from whom it is withheld. */
@NullMarked
package org.passerelle.identification.consenting;

import org.jspecify.annotations.NullMarked;
