/** The documents of the four services as one, and what partners generate from it. */
@NullMarked
package org.passerelle.clients;

import org.jspecify.annotations.NullMarked;
