/** What every service has told about a case, kept as it was told. Plain Java: no framework, no clock. */
@NullMarked
package org.passerelle.reporting.ledger;

import org.jspecify.annotations.NullMarked;
