/** The case ledger, replay and statistics of the mechanism, and the start page. */
@NullMarked
package org.passerelle.reporting;

import org.jspecify.annotations.NullMarked;
