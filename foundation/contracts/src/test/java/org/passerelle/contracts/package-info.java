/** Checks of the public events, and what the services' tests use to check what they publish. */
@NullMarked
package org.passerelle.contracts;

import org.jspecify.annotations.NullMarked;
