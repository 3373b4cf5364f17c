/** Opaque, signed cursors: a caller can continue a list, and cannot make up where. */
@NullMarked
package org.passerelle.referral.paging;

import org.jspecify.annotations.NullMarked;
