/** Recording that a service of a plan was given. */
@NullMarked
package org.passerelle.assistance.delivering;

import org.jspecify.annotations.NullMarked;
