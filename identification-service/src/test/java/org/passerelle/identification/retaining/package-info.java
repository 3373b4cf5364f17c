@NullMarked
package org.passerelle.identification.retaining;

import org.jspecify.annotations.NullMarked;
