package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import org.passerelle.referral.codes.CaseCode;

/** Which cases are closed, as identification-service told; a person is erased only after. */
@ApplicationScoped
public class ClosedCases {

    public Uni<Boolean> closed(SqlClient client, CaseCode code) {
        return client.preparedQuery("select exists (select from case_fact where case_code = $1 and closed)")
                .execute(Tuple.of(code.value()))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }
}
