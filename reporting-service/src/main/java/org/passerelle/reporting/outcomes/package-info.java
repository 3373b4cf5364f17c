/** What became of it with the police and in other countries: steps that are counted. Plain Java. */
@NullMarked
package org.passerelle.reporting.outcomes;

import org.jspecify.annotations.NullMarked;
