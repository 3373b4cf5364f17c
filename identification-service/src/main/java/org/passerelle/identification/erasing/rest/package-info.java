/** Erasure over HTTP, and its certificate. */
@NullMarked
package org.passerelle.identification.erasing.rest;

import org.jspecify.annotations.NullMarked;
