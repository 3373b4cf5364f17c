/** What readers are given of a case. */
@NullMarked
package org.passerelle.identification.reading;

import org.jspecify.annotations.NullMarked;
