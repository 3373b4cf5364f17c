@NullMarked
package org.passerelle.reporting.language;

import org.jspecify.annotations.NullMarked;
