/** Handing over across a border, over HTTP. */
@NullMarked
package org.passerelle.identification.handingover.rest;

import org.jspecify.annotations.NullMarked;
