/** The desk that answers arrivals, over HTTP. */
@NullMarked
package org.passerelle.identification.arriving.rest;

import org.jspecify.annotations.NullMarked;
