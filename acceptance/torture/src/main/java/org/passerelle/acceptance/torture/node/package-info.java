/** The processes under torture: the real kernel around a domain of two events. */
@NullMarked
package org.passerelle.acceptance.torture.node;

import org.jspecify.annotations.NullMarked;
