/** The signed and encrypted files that two mechanisms exchange: docs/cross-border.md. */
@NullMarked
package org.passerelle.identification.exchange;

import org.jspecify.annotations.NullMarked;
