package org.passerelle.identification.needs;

import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;

/**
 * Somebody who comes along with the person of the case and has a need of their own: a child with its mother. No more of
 * them than a service must know to say whether it admits them.
 */
public record Accompanying(int age, Sex sex) {

    public boolean isChild() {
        return age < Person.ADULT_AGE;
    }
}
