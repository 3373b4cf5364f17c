/** Saying, reading and lifting what a case avoids, over HTTP. */
@NullMarked
package org.passerelle.identification.avoiding.rest;

import org.jspecify.annotations.NullMarked;
