/**
 * Codes and identifiers that every feature of this service speaks: case codes, places (ISO 3166-2, p-codes), service types, and
 * the HTCDS codes for sex and organisation type. Plain values, no behaviour beyond their own validity.
 *
 * <p>The HTCDS codes are those of the Human Trafficking Case Data Standard 2.0 (IOM, CC BY 4.0).
 */
@NullMarked
package org.passerelle.referral.codes;

import org.jspecify.annotations.NullMarked;
