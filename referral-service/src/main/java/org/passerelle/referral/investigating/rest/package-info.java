/** Investigations over HTTP. */
@NullMarked
package org.passerelle.referral.investigating.rest;

import org.jspecify.annotations.NullMarked;
