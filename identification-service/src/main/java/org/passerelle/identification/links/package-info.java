/** What was agreed to be told, for somebody without account whom referral-service has let in by a link. */
@NullMarked
package org.passerelle.identification.links;

import org.jspecify.annotations.NullMarked;
