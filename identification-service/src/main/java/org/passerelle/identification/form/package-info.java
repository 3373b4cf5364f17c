/** The referral form on one page of paper, with exactly what the person agreed to have told to its receiver. */
@NullMarked
package org.passerelle.identification.form;

import org.jspecify.annotations.NullMarked;
