package org.passerelle.edge.testkit;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * By name, but {@link FuzzBattery} after all others of the same application: what it is allowed to do, such as taking an
 * account off the list of its organisation, lasts, and the others share its database.
 */
public final class FuzzLast implements ClassOrderer {

    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors()
                .sort(Comparator.comparing(
                                (ClassDescriptor one) -> FuzzBattery.class.isAssignableFrom(one.getTestClass()))
                        .thenComparing(one -> one.getTestClass().getName()));
    }
}
