/** Who was found; is it trafficking; what they agreed to; what they need. The only service that knows names. */
@NullMarked
package org.passerelle.identification;

import org.jspecify.annotations.NullMarked;
