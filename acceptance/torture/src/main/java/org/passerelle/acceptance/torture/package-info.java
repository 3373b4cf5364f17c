/** Faults on purpose: the kernel under load while things break, and the proof that nothing was lost, doubled or reordered. */
@NullMarked
package org.passerelle.acceptance.torture;

import org.jspecify.annotations.NullMarked;
