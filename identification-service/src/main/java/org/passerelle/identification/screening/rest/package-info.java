/** Where the instruments are read from, and how a screening is asked for and answered over HTTP. */
@NullMarked
package org.passerelle.identification.screening.rest;

import org.jspecify.annotations.NullMarked;
