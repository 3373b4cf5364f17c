/** What the other services, and subscribed agencies, learn of plans. */
@NullMarked
package org.passerelle.assistance.publishing;

import org.jspecify.annotations.NullMarked;
