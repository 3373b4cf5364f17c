/**
 * The demonstration country and the road played through it, by the public REST interfaces alone: what this package can
 * do, any partner system can.
 */
@NullMarked
package org.passerelle.local.demonstration;

import org.jspecify.annotations.NullMarked;
