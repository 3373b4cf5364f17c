@NullMarked
package org.passerelle.identification.emergency;

import org.jspecify.annotations.NullMarked;
