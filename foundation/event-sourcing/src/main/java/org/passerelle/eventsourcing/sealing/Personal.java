package org.passerelle.eventsourcing.sealing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of an event, or of a record within one, that says something of a person. Its value, whatever its
 * type, is sealed before the event is stored.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Personal {

    /** What kind of data it is: a person has one data key per category. Lower-case letters and hyphens. */
    String value();

    /**
     * What is read in its stead once the key is destroyed, as JSON: something that the type allows, and that can never
     * be taken for an answer. It is written beside the sealed value, so that what was stored can be read without this
     * annotation.
     */
    String erased() default "null";
}
