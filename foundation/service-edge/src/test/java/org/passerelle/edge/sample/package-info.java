/** The smallest service that uses the edge: jars that coins go into. */
@NullMarked
package org.passerelle.edge.sample;

import org.jspecify.annotations.NullMarked;
