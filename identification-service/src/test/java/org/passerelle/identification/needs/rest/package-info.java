/** What country packs say of needs. */
@NullMarked
package org.passerelle.identification.needs.rest;

import org.jspecify.annotations.NullMarked;
