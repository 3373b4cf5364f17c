/** Which arrivals wait for an answer, as a table. */
@NullMarked
package org.passerelle.identification.arriving.keeping;

import org.jspecify.annotations.NullMarked;
