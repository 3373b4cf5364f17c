package org.passerelle.edge;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * Says of fields which may be null, and of those of answers which are always there, as the records that are read and written
 * say it themselves: {@code @Nullable}, and {@code @JsonInclude} where what is null is left out. Of what is sent, validation
 * says which fields are needed; nothing is added to that.
 */
final class OpenApiNulls {

    private static final String REFERENCE = "#/components/schemas/";

    private static final DotName INCLUDE = DotName.createSimple("com.fasterxml.jackson.annotation.JsonInclude");

    private static final DotName UNWRAPPED = DotName.createSimple("com.fasterxml.jackson.annotation.JsonUnwrapped");

    private final Map<String, Schema> schemas;
    private final Map<String, List<ClassInfo>> records;

    private OpenApiNulls(Map<String, Schema> schemas, IndexView classes) {
        this.schemas = schemas;
        this.records = classes.getKnownClasses().stream()
                .filter(one -> one.isRecord() && one.name().toString().startsWith("org.passerelle."))
                .collect(Collectors.groupingBy(
                        one -> one.simpleName() == null ? "" : one.simpleName(), Collectors.toList()));
    }

    static void write(OpenAPI document, IndexView classes) {
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        OpenApiNulls nulls = new OpenApiNulls(schemas, classes);
        Set<String> sent = new HashSet<>();
        Set<String> answered = new HashSet<>();
        document.getPaths().getPathItems().values().stream()
                .flatMap(path -> path.getOperations().values().stream())
                .forEach(operation -> nulls.reach(operation, sent, answered));
        Set<String> all = new HashSet<>(sent);
        all.addAll(answered);
        for (String name : all) {
            nulls.say(name, !sent.contains(name));
        }
    }

    private void reach(Operation operation, Set<String> sent, Set<String> answered) {
        if (operation.getRequestBody() != null) {
            reach(operation.getRequestBody().getContent(), sent);
        }
        if (operation.getResponses() != null) {
            for (APIResponse response :
                    operation.getResponses().getAPIResponses().values()) {
                reach(response.getContent(), answered);
            }
        }
    }

    private void reach(@Nullable Content content, Set<String> names) {
        Deque<Schema> open = new ArrayDeque<>();
        if (content != null) {
            content.getMediaTypes().values().stream().map(MediaType::getSchema).forEach(schema -> add(open, schema));
        }
        while (!open.isEmpty()) {
            Schema schema = open.pop();
            String reference = schema.getRef();
            if (reference != null && names.add(reference.replace(REFERENCE, ""))) {
                add(open, schemas.get(reference.replace(REFERENCE, "")));
            }
            add(open, schema.getItems());
            add(open, schema.getAdditionalPropertiesSchema());
            addAll(
                    open,
                    schema.getProperties() == null
                            ? null
                            : schema.getProperties().values());
            addAll(open, schema.getAllOf());
            addAll(open, schema.getAnyOf());
            addAll(open, schema.getOneOf());
        }
    }

    private static void add(Deque<Schema> open, @Nullable Schema schema) {
        if (schema != null) {
            open.push(schema);
        }
    }

    private static void addAll(Deque<Schema> open, @Nullable Collection<Schema> schemas) {
        if (schemas != null) {
            schemas.forEach(open::push);
        }
    }

    private void say(String name, boolean answeredOnly) {
        Schema schema = schemas.get(name);
        if (schema == null || schema.getProperties() == null) {
            return;
        }
        ClassInfo written = written(name, schema.getProperties().keySet());
        if (written != null) {
            fields(schema, written, answeredOnly);
        }
    }

    /** The record of that name with the most of these fields; two of one name are told apart by a number. */
    private @Nullable ClassInfo written(String name, Set<String> fields) {
        return records.getOrDefault(name, records.getOrDefault(name.replaceFirst("\\d+$", ""), List.of())).stream()
                .filter(one -> known(one, fields) > 0)
                .max(Comparator.comparingLong((ClassInfo one) -> known(one, fields))
                        .thenComparing(
                                (ClassInfo one) -> -one.recordComponents().size()))
                .orElse(null);
    }

    private static long known(ClassInfo one, Set<String> fields) {
        return one.recordComponents().stream()
                .filter(component -> fields.contains(component.name()))
                .count();
    }

    private void fields(Schema schema, ClassInfo written, boolean answeredOnly) {
        for (RecordComponentInfo component : written.recordComponents()) {
            Schema field = schema.getProperties().get(component.name());
            String included = included(written, component.name());
            if (written.field(component.name()).hasAnnotation(UNWRAPPED)) {
                for (ClassInfo inner : records.getOrDefault(
                        component.type().name().withoutPackagePrefix().replaceFirst(".*\\$", ""), List.of())) {
                    fields(schema, inner, false);
                }
            } else if (field != null) {
                boolean nullable = nullable(component);
                boolean needed =
                        schema.getRequired() != null && schema.getRequired().contains(component.name());
                if (nullable && !needed && included.equals("ALWAYS")) {
                    schema.addProperty(component.name(), orNull(field));
                }
                boolean always = included.equals("ALWAYS") || !nullable && included.matches("NON_(NULL|ABSENT)");
                if (answeredOnly && always && !needed) {
                    schema.addRequired(component.name());
                }
            }
        }
    }

    private static boolean nullable(RecordComponentInfo component) {
        return component.type().annotations().stream()
                .anyMatch(one -> one.name().toString().equals(Nullable.class.getName()));
    }

    private static String included(ClassInfo written, String component) {
        AnnotationInstance own = written.field(component).annotation(INCLUDE);
        AnnotationInstance one = own == null ? written.declaredAnnotation(INCLUDE) : own;
        return one == null || one.value() == null ? "ALWAYS" : one.value().asEnum();
    }

    private static Schema orNull(Schema field) {
        if (field.getRef() == null && field.getEnumeration() == null) {
            if (field.getType() != null && !field.getType().contains(Schema.SchemaType.NULL)) {
                field.addType(Schema.SchemaType.NULL);
            }
            return field;
        }
        return OASFactory.createSchema()
                .addAnyOf(field)
                .addAnyOf(OASFactory.createSchema().addType(Schema.SchemaType.NULL));
    }
}
