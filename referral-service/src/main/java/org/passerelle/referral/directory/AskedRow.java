package org.passerelle.referral.directory;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code assurance_asked}; written by {@link AssuranceProjection} only. */
@Entity(name = "Asked")
@Table(name = "assurance_asked")
@IdClass(ServiceRow.Key.class)
@Immutable
@NullUnmarked
class AskedRow {

    @Id
    @Column(name = "organisation_id")
    UUID organisationId;

    @Id
    @Column(name = "service_id")
    UUID id;

    @Column(name = "asked_at")
    OffsetDateTime askedAt;
}
