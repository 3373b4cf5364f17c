/** Breaking the glass: reading one case in an emergency without any relation to it, and the review that follows. Pure. */
@NullMarked
package org.passerelle.identification.emergency;

import org.jspecify.annotations.NullMarked;
