/** Looking after a person again: scheduling, coming due, recording how they were found. */
@NullMarked
package org.passerelle.assistance.followingup;

import org.jspecify.annotations.NullMarked;
