package org.passerelle.referral.directory;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code directory_site} as everybody reads it: of a confidential location the place and nothing more. */
@Entity(name = "Site")
@Table(name = "directory_site_shown")
@IdClass(SiteRow.Key.class)
@Immutable
@NullUnmarked
class SiteRow {

    record Key(UUID organisationId, UUID serviceId, UUID locationId) {}

    @Id
    @Column(name = "organisation_id")
    UUID organisationId;

    @Id
    @Column(name = "service_id")
    UUID serviceId;

    @Id
    @Column(name = "location_id")
    UUID locationId;

    String kind;
    String name;
    String place;
    Double latitude;
    Double longitude;
    boolean confidential;
    String address;
    String[] accessibility;
    String[] phones;

    @Column(name = "duty_phones")
    String[] dutyPhones;

    @Column(name = "opening_hours")
    String[] openingHours;
}
