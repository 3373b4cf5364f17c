/** Writes the ledger from the three topics and reads it back, case by case. */
@NullMarked
package org.passerelle.reporting.ledger.keeping;

import org.jspecify.annotations.NullMarked;
