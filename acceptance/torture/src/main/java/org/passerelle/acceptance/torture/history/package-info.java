/** What was asked, told, seen and kept: all that the checker knows. */
@NullMarked
package org.passerelle.acceptance.torture.history;

import org.jspecify.annotations.NullMarked;
