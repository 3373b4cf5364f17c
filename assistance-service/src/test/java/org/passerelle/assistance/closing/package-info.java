@NullMarked
package org.passerelle.assistance.closing;

import org.jspecify.annotations.NullMarked;
