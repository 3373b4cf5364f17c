@NullMarked
package org.passerelle.assistance.followingup;

import org.jspecify.annotations.NullMarked;
