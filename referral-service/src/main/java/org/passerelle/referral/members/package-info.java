/** Who acts for which organisation, and which organisations are suspended. */
@NullMarked
package org.passerelle.referral.members;

import org.jspecify.annotations.NullMarked;
