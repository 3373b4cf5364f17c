@NullMarked
package org.passerelle.identification.links;

import org.jspecify.annotations.NullMarked;
