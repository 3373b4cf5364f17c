package org.passerelle.edge.testkit;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * By name, but of the classes that share an application and its database {@link ExamplesBattery} first, whose lists
 * begin with what its story put there, and {@link FuzzBattery} last: what it is allowed to do, such as taking an account
 * off the list of its organisation, lasts.
 */
public final class ExamplesFirstFuzzLast implements ClassOrderer {

    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors()
                .sort(Comparator.comparing(ExamplesFirstFuzzLast::turn)
                        .thenComparing(one -> one.getTestClass().getName()));
    }

    private static int turn(ClassDescriptor one) {
        if (extendsBattery(one, ExamplesBattery.class)) {
            return 0;
        }
        return extendsBattery(one, FuzzBattery.class) ? 2 : 1;
    }

    /** By name: Quarkus loads the tests of an application, and what they extend, with a class loader of its own. */
    private static boolean extendsBattery(ClassDescriptor one, Class<?> battery) {
        for (Class<?> type = one.getTestClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(battery.getName())) {
                return true;
            }
        }
        return false;
    }
}
