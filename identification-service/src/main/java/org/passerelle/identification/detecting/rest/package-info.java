/** Recording a detection over HTTP. */
@NullMarked
package org.passerelle.identification.detecting.rest;

import org.jspecify.annotations.NullMarked;
