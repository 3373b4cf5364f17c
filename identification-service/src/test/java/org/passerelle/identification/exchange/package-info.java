@NullMarked
package org.passerelle.identification.exchange;

import org.jspecify.annotations.NullMarked;
