/** Looking for a person over HTTP. */
@NullMarked
package org.passerelle.identification.searching.rest;

import org.jspecify.annotations.NullMarked;
