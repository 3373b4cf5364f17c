package org.passerelle.edge;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An endpoint that will go. Its answers say so in {@code Deprecation} (RFC 9745) and {@code Sunset} (RFC 8594), and its
 * {@code @Operation} says {@code deprecated}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Retiring {

    /** The day from which on nobody should begin to use it: {@code 2026-12-01}. */
    String since();

    /** The day on which it goes. */
    String gone();
}
