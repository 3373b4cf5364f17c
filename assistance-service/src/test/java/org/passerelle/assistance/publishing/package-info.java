@NullMarked
package org.passerelle.assistance.publishing;

import org.jspecify.annotations.NullMarked;
