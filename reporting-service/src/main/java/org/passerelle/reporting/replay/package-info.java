/** The life of a case read from its ledger: its timeline, and its state as at any moment. Plain Java. */
@NullMarked
package org.passerelle.reporting.replay;

import org.jspecify.annotations.NullMarked;
