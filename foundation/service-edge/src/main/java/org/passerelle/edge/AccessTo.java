package org.passerelle.edge;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the action that an endpoint is, as in {@code access-policy.csv}. Every resource method carries one; a method
 * without it is denied to everybody.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface AccessTo {

    /** For a page that says nothing of any case, such as the start page: no login. */
    String ANYONE = "anyone";

    String value();
}
