/** The one stream of a case: its commands, its events, its state and the decider between them. */
@NullMarked
package org.passerelle.identification.casefile;

import org.jspecify.annotations.NullMarked;
