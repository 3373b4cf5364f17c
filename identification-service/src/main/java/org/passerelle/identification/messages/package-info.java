/** What two mechanisms say to each other about a hand-over, and what of a case may stand in it. */
@NullMarked
package org.passerelle.identification.messages;

import org.jspecify.annotations.NullMarked;
