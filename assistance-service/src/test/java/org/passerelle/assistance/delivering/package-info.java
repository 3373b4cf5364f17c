@NullMarked
package org.passerelle.assistance.delivering;

import org.jspecify.annotations.NullMarked;
