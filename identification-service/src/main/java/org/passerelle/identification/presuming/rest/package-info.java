/** Presuming a victim over HTTP. */
@NullMarked
package org.passerelle.identification.presuming.rest;

import org.jspecify.annotations.NullMarked;
