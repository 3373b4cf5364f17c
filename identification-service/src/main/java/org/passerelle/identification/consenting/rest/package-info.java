/** Recording and withdrawing a consent over HTTP. */
@NullMarked
package org.passerelle.identification.consenting.rest;

import org.jspecify.annotations.NullMarked;
