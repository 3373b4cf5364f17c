@NullMarked
package org.passerelle.identification.links.rest;

import org.jspecify.annotations.NullMarked;
