/** What this service hears of organisations and their members. */
@NullMarked
package org.passerelle.reporting.members;

import org.jspecify.annotations.NullMarked;
