/** Outcomes over REST, and the rows they are counted from. */
@NullMarked
package org.passerelle.reporting.outcomes.rest;

import org.jspecify.annotations.NullMarked;
