@NullMarked
package org.passerelle.reporting;

import org.jspecify.annotations.NullMarked;
