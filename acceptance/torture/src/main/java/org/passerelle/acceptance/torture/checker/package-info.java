/** The proof over a history, in plain Java: it knows nothing of the store but what the history says. */
@NullMarked
package org.passerelle.acceptance.torture.checker;

import org.jspecify.annotations.NullMarked;
