/** Members and suspensions over HTTP. */
@NullMarked
package org.passerelle.referral.members.rest;

import org.jspecify.annotations.NullMarked;
