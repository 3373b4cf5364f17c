/** What others may know: the public form of a case's events. Never a name, a phone, an address or free text. */
@NullMarked
package org.passerelle.identification.publishing;

import org.jspecify.annotations.NullMarked;
