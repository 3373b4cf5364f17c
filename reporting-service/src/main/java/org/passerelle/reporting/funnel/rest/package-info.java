/** The funnel over REST, and the rows it is counted from. */
@NullMarked
package org.passerelle.reporting.funnel.rest;

import org.jspecify.annotations.NullMarked;
