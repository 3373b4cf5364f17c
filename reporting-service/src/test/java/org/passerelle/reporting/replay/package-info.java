@NullMarked
package org.passerelle.reporting.replay;

import org.jspecify.annotations.NullMarked;
