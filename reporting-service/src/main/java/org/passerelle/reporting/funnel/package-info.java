/** How many cases reached each step of the mechanism, by month of detection and place. Plain Java. */
@NullMarked
package org.passerelle.reporting.funnel;

import org.jspecify.annotations.NullMarked;
