@NullMarked
package org.passerelle.identification.exchange.rest;

import org.jspecify.annotations.NullMarked;
