/** The exchange with partner countries over HTTP: what comes in, and what is sent and sent again. */
@NullMarked
package org.passerelle.identification.exchange.rest;

import org.jspecify.annotations.NullMarked;
