@NullMarked
package org.passerelle.referral.members;

import org.jspecify.annotations.NullMarked;
