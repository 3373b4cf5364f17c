/** Which cases there are and who stands in which relation to them: kept with every append, read by the access decisions and the list. */
@NullMarked
package org.passerelle.identification.caselist;

import org.jspecify.annotations.NullMarked;
