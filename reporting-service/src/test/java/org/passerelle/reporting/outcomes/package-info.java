@NullMarked
package org.passerelle.reporting.outcomes;

import org.jspecify.annotations.NullMarked;
