@NullMarked
package org.passerelle.assistance.erasing;

import org.jspecify.annotations.NullMarked;
