@NullMarked
package org.passerelle.reporting.console;

import org.jspecify.annotations.NullMarked;
