/** Case codes that can be said on a bad telephone line, and the other codes a case is described with. */
@NullMarked
package org.passerelle.identification.codes;

import org.jspecify.annotations.NullMarked;
