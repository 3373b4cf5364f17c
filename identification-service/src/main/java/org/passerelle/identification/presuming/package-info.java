/** The low-threshold decision that somebody is presumed to be a victim. */
@NullMarked
package org.passerelle.identification.presuming;

import org.jspecify.annotations.NullMarked;
