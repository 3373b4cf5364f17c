package org.passerelle.edge;

import io.smallrye.mutiny.Uni;

/** Whether the caller of this request may do what its endpoint is to a case; every service that holds case data has one. */
public interface CaseAdmission {

    /**
     * @param written the code as the caller wrote it
     * @return the code; failing with {@link Access#unknown} for what does not exist and for what the caller may not know of
     */
    Uni<String> admitTo(String written);
}
