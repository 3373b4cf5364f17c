/** What somebody is looked for by: plain rules of how names and numbers are compared. */
@NullMarked
package org.passerelle.identification.searching;

import org.jspecify.annotations.NullMarked;
