package org.passerelle.edge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keeps the elements of a set in the order in which the request named them. A hash set of enums has another order in
 * every process, so that a request repeated after a restart would not be known for the same one by its fingerprint.
 */
@Singleton
public class StableFingerprints implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.registerModule(
                new SimpleModule("passerelle-sets").addAbstractTypeMapping(Set.class, LinkedHashSet.class));
    }
}
