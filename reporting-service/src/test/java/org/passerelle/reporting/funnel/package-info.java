@NullMarked
package org.passerelle.reporting.funnel;

import org.jspecify.annotations.NullMarked;
