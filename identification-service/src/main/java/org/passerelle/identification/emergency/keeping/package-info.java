/** Which glasses are broken and which reviews are open, as a table. */
@NullMarked
package org.passerelle.identification.emergency.keeping;

import org.jspecify.annotations.NullMarked;
