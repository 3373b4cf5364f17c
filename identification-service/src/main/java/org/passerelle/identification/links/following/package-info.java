/** Hears from the referral service which links open nothing any more. */
@NullMarked
package org.passerelle.identification.links.following;

import org.jspecify.annotations.NullMarked;
