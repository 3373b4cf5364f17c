/** Stating a need over HTTP, with the clocks of the country. */
@NullMarked
package org.passerelle.identification.needs.rest;

import org.jspecify.annotations.NullMarked;
