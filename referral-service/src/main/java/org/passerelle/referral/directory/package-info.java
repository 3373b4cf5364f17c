/** The service directory: which organisation gives which service, where, to whom, and how many it can take. */
@NullMarked
package org.passerelle.referral.directory;

import org.jspecify.annotations.NullMarked;
