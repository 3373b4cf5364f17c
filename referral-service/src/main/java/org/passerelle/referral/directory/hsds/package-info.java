/** Reads an Open Referral HSDS 3 document into listings, or says which records are wrong and why. */
@NullMarked
package org.passerelle.referral.directory.hsds;

import org.jspecify.annotations.NullMarked;
