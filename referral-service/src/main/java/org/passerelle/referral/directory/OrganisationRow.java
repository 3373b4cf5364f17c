package org.passerelle.referral.directory;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code directory_organisation}; written by {@link DirectoryProjection} only. */
@Entity(name = "Organisation")
@Table(name = "directory_organisation")
@Immutable
@NullUnmarked
class OrganisationRow {
    @Id
    UUID id;

    String name;
    String description;
    String type;
    String website;
}
