/** The directory over HTTP: import, search. */
@NullMarked
package org.passerelle.referral.directory.rest;

import org.jspecify.annotations.NullMarked;
