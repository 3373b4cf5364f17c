/** How a plan comes to be and grows: by what referral and identification tell. And how it is read. */
@NullMarked
package org.passerelle.assistance.planning;

import org.jspecify.annotations.NullMarked;
