package org.passerelle.eventsourcing.sealing;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the personal fields of a record lie in its JSON, found once by its annotations. */
public final class PersonalFields {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CATEGORY = Pattern.compile("[a-z]+(-[a-z]+)*");

    /** Stands in a path for every element of an array or every value of a map. */
    private static final String EACH = "*";

    private record Field(List<String> path, String category, JsonNode erased) {}

    private final List<Field> fields;

    private PersonalFields(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    /**
     * @throws IllegalArgumentException where an annotation cannot be honoured: on a component whose type is given by an
     *     interface, in a record that holds itself, or with a stand-in that is no JSON
     */
    public static PersonalFields of(Class<?> record) {
        List<Field> found = new ArrayList<>();
        collect(record, List.of(), new HashSet<>(), found);
        return new PersonalFields(found);
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    private static void collect(Class<?> type, List<String> path, Set<Class<?>> within, List<Field> found) {
        if (type.isInterface() && type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                if (!of(permitted).isEmpty()) {
                    throw new IllegalArgumentException("a personal field within an interface: " + type);
                }
            }
        }
        if (!type.isRecord()) {
            return;
        }
        if (!within.add(type)) {
            throw new IllegalArgumentException("a record within itself: " + type);
        }
        for (RecordComponent component : type.getRecordComponents()) {
            List<String> at = plus(path, name(component));
            Personal personal = component.getAnnotation(Personal.class);
            if (personal != null) {
                found.add(field(at, personal));
            } else {
                collect(component.getGenericType(), at, within, found);
            }
        }
        within.remove(type);
    }

    private static void collect(Type type, List<String> path, Set<Class<?>> within, List<Field> found) {
        if (type instanceof Class<?> plain) {
            collect(plain, path, within, found);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            boolean holdsMany = Iterable.class.isAssignableFrom(raw) || java.util.Map.class.isAssignableFrom(raw);
            collect(arguments[arguments.length - 1], holdsMany ? plus(path, EACH) : path, within, found);
        }
    }

    private static Field field(List<String> path, Personal personal) {
        if (!CATEGORY.matcher(personal.value()).matches()) {
            throw new IllegalArgumentException("not a category: " + personal.value());
        }
        try {
            return new Field(path, personal.value(), JSON.readTree(personal.erased()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("what stands in for " + path + " is no JSON");
        }
    }

    private static String name(RecordComponent component) {
        JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
        return renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
    }

    private static List<String> plus(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return List.copyOf(longer);
    }

    /** A personal field that has a value. */
    interface Visitor {

        /**
         * @param at its place in this JSON, indexes included
         * @return what is to stand there
         */
        JsonNode visit(String at, String category, JsonNode value, JsonNode erased);
    }

    /** The categories of those fields that have a value. */
    public Set<String> categoriesIn(ObjectNode event) {
        Set<String> categories = new TreeSet<>();
        visit(event, (at, category, value, erased) -> {
            categories.add(category);
            return value;
        });
        return categories;
    }

    void visit(ObjectNode event, Visitor visitor) {
        for (Field field : fields) {
            visit(event, field, 0, "", visitor);
        }
    }

    private static void visit(@Nullable JsonNode node, Field field, int depth, String at, Visitor visitor) {
        String step = field.path().get(depth);
        boolean last = depth == field.path().size() - 1;
        if (node instanceof ArrayNode array && step.equals(EACH)) {
            for (int i = 0; i < array.size(); i++) {
                visit(array.get(i), field, depth + 1, at + "[" + i + "]", visitor);
            }
        } else if (node instanceof ObjectNode object) {
            List<String> names = step.equals(EACH)
                    ? object.properties().stream()
                            .map(java.util.Map.Entry::getKey)
                            .toList()
                    : Arrays.asList(step);
            for (String name : names) {
                JsonNode value = object.get(name);
                if (value == null || value.isNull()) {
                    continue;
                }
                String place = Places.within(at, name);
                if (last) {
                    object.set(name, visitor.visit(place, field.category(), value, field.erased()));
                } else {
                    visit(value, field, depth + 1, place, visitor);
                }
            }
        }
    }
}
