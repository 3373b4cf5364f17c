@NullMarked
package org.passerelle.identification.searching;

import org.jspecify.annotations.NullMarked;
