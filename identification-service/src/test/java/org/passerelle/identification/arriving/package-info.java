@NullMarked
package org.passerelle.identification.arriving;

import org.jspecify.annotations.NullMarked;
