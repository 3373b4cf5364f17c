/** Whose time of keeping is over, over HTTP. */
@NullMarked
package org.passerelle.identification.retaining.rest;

import org.jspecify.annotations.NullMarked;
