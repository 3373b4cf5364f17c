/** The checker is checked: it finds every known way in which event stores have lost events, and accuses no sound one. */
@NullMarked
package org.passerelle.acceptance.torture;

import org.jspecify.annotations.NullMarked;
