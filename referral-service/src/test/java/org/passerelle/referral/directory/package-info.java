@NullMarked
package org.passerelle.referral.directory;

import org.jspecify.annotations.NullMarked;
