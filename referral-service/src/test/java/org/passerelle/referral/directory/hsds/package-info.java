/** The directory's reading. */
@NullMarked
package org.passerelle.referral.directory.hsds;

import org.jspecify.annotations.NullMarked;
