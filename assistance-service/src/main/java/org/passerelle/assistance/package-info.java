/** Assistance: plans, services delivered, follow-ups, closure. Start with {@code plan}. */
@NullMarked
package org.passerelle.assistance;

import org.jspecify.annotations.NullMarked;
