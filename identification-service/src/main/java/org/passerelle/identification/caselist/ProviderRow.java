package org.passerelle.identification.caselist;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** The relation of an organisation to a need of a case, as {@link CaseListProjection} keeps it; read only. */
@Entity
@Immutable
@Table(name = "case_provider")
@NullUnmarked
class ProviderRow {

    @EmbeddedId
    Key key;

    String standing;

    /** One organisation, one need. */
    @Embeddable
    record Key(
            @Column(name = "case_code") String caseCode,
            @Column(name = "need_id") UUID needId,
            UUID organisation) {}
}
