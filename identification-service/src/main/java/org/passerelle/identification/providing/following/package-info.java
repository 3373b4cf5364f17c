/** Hears from the referral service which organisation is offered, gives or has given a service. */
@NullMarked
package org.passerelle.identification.providing.following;

import org.jspecify.annotations.NullMarked;
