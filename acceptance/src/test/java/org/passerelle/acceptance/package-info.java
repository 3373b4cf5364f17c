/** The platform as a whole: all its processes, reached only as its users and operators reach it. */
@NullMarked
package org.passerelle.acceptance;

import org.jspecify.annotations.NullMarked;
