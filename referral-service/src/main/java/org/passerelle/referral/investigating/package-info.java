/**
 * What the police make of a referral to them: whether they investigate, what becomes of it, and which evidence they were
 * handed. Codes and dates; what the evidence shows stays with whoever has it.
 */
@NullMarked
package org.passerelle.referral.investigating;

import org.jspecify.annotations.NullMarked;
