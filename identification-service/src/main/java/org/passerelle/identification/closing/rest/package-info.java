/** Closing a case over HTTP. */
@NullMarked
package org.passerelle.identification.closing.rest;

import org.jspecify.annotations.NullMarked;
