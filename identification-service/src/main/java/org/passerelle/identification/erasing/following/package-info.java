/** What follows in this service where a person is erased. */
@NullMarked
package org.passerelle.identification.erasing.following;

import org.jspecify.annotations.NullMarked;
