package org.passerelle.chart;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of CloudNativePG's {@code postgresql.cnpg.io/v1 Cluster} that the chart uses, written by hand from its API
 * reference (1.25 and later): the operator's own model exists in Go only. A property that is not here is refused, so
 * whoever uses one more looks it up and adds it.
 */
final class CloudNativePg {

    private CloudNativePg() {}

    record Cluster(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {}

    record Spec(
            int instances,
            String imageName,
            boolean enableSuperuserAccess,
            Bootstrap bootstrap,
            Postgresql postgresql,
            Storage storage,
            Storage walStorage,
            ResourceRequirements resources,
            Affinity affinity) {}

    record Bootstrap(Initdb initdb) {}

    record Initdb(String database, String owner, boolean dataChecksums) {}

    record Postgresql(Synchronous synchronous, Map<String, String> parameters) {}

    record Synchronous(Method method, int number, DataDurability dataDurability) {}

    enum Method {
        any,
        first
    }

    enum DataDurability {
        required,
        preferred
    }

    record Storage(String size, @Nullable String storageClass) {}

    record Affinity(boolean enablePodAntiAffinity, AntiAffinity podAntiAffinityType, String topologyKey) {}

    enum AntiAffinity {
        required,
        preferred
    }
}
