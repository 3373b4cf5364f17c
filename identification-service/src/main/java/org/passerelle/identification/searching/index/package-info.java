/** The blind index of persons: keyed hashes that erasure takes away. */
@NullMarked
package org.passerelle.identification.searching.index;

import org.jspecify.annotations.NullMarked;
