/** Breaking the glass over HTTP, what is read behind it, and the reviews. */
@NullMarked
package org.passerelle.identification.emergency.rest;

import org.jspecify.annotations.NullMarked;
