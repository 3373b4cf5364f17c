/** What the service says to people, in French (default), Spanish and English. */
@NullMarked
package org.passerelle.referral.texts;

import org.jspecify.annotations.NullMarked;
