@NullMarked
package org.passerelle.assistance.plan;

import org.jspecify.annotations.NullMarked;
