package org.passerelle.referral.directory;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code directory_service}; written by {@link DirectoryProjection} only. */
@Entity(name = "Service")
@Table(name = "directory_service")
@IdClass(ServiceRow.Key.class)
@Immutable
@NullUnmarked
class ServiceRow {

    record Key(UUID organisationId, UUID id) {}

    @Id
    @Column(name = "organisation_id")
    UUID organisationId;

    @Id
    UUID id;

    String name;
    String description;
    String status;
    String[] types;

    @Column(name = "eligible_sexes")
    String[] eligibleSexes;

    @Column(name = "minimum_age")
    Integer minimumAge;

    @Column(name = "maximum_age")
    Integer maximumAge;

    @Column(name = "eligibility_description")
    String eligibilityDescription;

    @Column(name = "limited_to_areas")
    boolean limitedToAreas;

    String[] areas;

    @Column(name = "area_periods")
    String[] areaPeriods;

    @Column(name = "capacity_available")
    Integer capacityAvailable;

    @Column(name = "capacity_maximum")
    Integer capacityMaximum;

    @Column(name = "capacity_updated")
    OffsetDateTime capacityUpdated;

    String[] languages;
    String[] phones;

    @Column(name = "opening_hours")
    String[] openingHours;

    /** See {@link TermsJson}. */
    String terms;

    @Column(name = "assured_on")
    LocalDate assuredOn;
}
