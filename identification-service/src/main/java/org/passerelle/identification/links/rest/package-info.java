/** The page that shows it, to whoever brings a ticket. */
@NullMarked
package org.passerelle.identification.links.rest;

import org.jspecify.annotations.NullMarked;
