/** What a caller's organisation is to a plan, and so what they may see and do. */
@NullMarked
package org.passerelle.assistance.access;

import org.jspecify.annotations.NullMarked;
