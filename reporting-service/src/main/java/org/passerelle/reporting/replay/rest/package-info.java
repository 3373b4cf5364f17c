/** Timeline and state of a case over REST, for those whom the case concerns. */
@NullMarked
package org.passerelle.reporting.replay.rest;

import org.jspecify.annotations.NullMarked;
