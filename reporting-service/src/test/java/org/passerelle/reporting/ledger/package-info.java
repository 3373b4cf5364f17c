@NullMarked
package org.passerelle.reporting.ledger;

import org.jspecify.annotations.NullMarked;
