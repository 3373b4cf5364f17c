@NullMarked
package org.passerelle.assistance.planning;

import org.jspecify.annotations.NullMarked;
