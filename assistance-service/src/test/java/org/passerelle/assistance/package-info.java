@NullMarked
package org.passerelle.assistance;

import org.jspecify.annotations.NullMarked;
