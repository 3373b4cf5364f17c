/** The languages of the people who read: French first, then Spanish and English. */
@NullMarked
package org.passerelle.reporting.language;

import org.jspecify.annotations.NullMarked;
