/** What is personal of a case is erased for good: asked for, approved by a second person, kept from it by a legal hold. */
@NullMarked
package org.passerelle.identification.erasing;

import org.jspecify.annotations.NullMarked;
