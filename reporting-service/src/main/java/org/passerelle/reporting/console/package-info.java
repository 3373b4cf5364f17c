/** The start page and the pages behind the login: server-rendered, without JavaScript. */
@NullMarked
package org.passerelle.reporting.console;

import org.jspecify.annotations.NullMarked;
