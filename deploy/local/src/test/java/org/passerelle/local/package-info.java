@NullMarked
package org.passerelle.local;

import org.jspecify.annotations.NullMarked;
