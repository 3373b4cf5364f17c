package org.passerelle.identification.caselist;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.mutiny.Mutiny.SelectionQuery;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Relation;
import org.passerelle.identification.codes.CaseCode;

/** Reads the case list and the relations of organisations to cases. */
@ApplicationScoped
public class CaseList {

    /**
     * A case without anything personal.
     *
     * @param urgent somebody must act at once
     * @param openNeeds those that are unmet, also where nobody can meet them so far
     * @param nextDueAt when the first of them is due
     */
    public record Line(
            String caseCode,
            UUID owner,
            String state,
            String place,
            Instant foundAt,
            Instant detectedAt,
            boolean presumed,
            boolean urgent,
            int openNeeds,
            @Nullable Instant nextDueAt,
            long version) {}

    /** Where a page begins: after this case. */
    public record After(Instant detectedAt, String caseCode) {

        /** The text form, as the cursors carry it. */
        public static After parse(String position) {
            String[] parts = position.split(" ", 2);
            return new After(Instant.parse(parts[0]), parts[1]);
        }

        public static String position(Line line) {
            return line.detectedAt() + " " + line.caseCode();
        }
    }

    /**
     * A closed case whose personal data are kept.
     *
     * @param holds legal holds that stand
     */
    public record Closed(String caseCode, UUID owner, Instant closedAt, int holds) {}

    /** Cases that were closed before a moment and are not erased, the longest closed first. */
    public Uni<List<Closed>> closedBefore(@Nullable UUID owner, Instant before, int limit) {
        return sessions.withStatelessSession(session -> {
            SelectionQuery<Closed> query = session.createSelectionQuery(
                            "select new " + Closed.class.getName() + "(c.caseCode, c.owner, c.closedAt, c.holds)"
                                    + " from CaseRow c where c.closedAt < :before and not c.erased"
                                    + (owner == null ? "" : " and c.owner = :owner")
                                    + " order by c.closedAt, c.caseCode",
                            Closed.class)
                    .setParameter("before", before);
            if (owner != null) {
                query.setParameter("owner", owner);
            }
            return query.setMaxResults(limit).getResultList();
        });
    }

    /**
     * Which cases to list.
     *
     * @param reader what is withheld from this organisation is left out; null for none
     * @param withdrawalUnheard only those where another country has not heard of a withdrawal for a day
     * @param handOverFailed    only open ones where a hand-over came to nothing and nobody has said what else is done
     */
    public record Filter(
            @Nullable UUID owner,
            boolean withoutWithheldFromAuthorities,
            @Nullable String reader,
            boolean withdrawalUnheard,
            boolean handOverFailed) {}

    @Inject
    Mutiny.SessionFactory sessions;

    /**
     * What an organisation is to a case.
     *
     * @param relations empty where the case does not exist
     * @param withheldFromTheOrganisation by name, whatever anybody's role in it
     */
    public record Ties(Set<Relation> relations, boolean withheldFromAuthorities, boolean withheldFromTheOrganisation) {

        public Ties with(Set<Relation> others) {
            return new Ties(others, withheldFromAuthorities, withheldFromTheOrganisation);
        }
    }

    /** The ties of an organisation to a case; no relation but "none" where there is no organisation. */
    public Uni<Ties> ties(CaseCode code, @Nullable String organisation) {
        return sessions.withStatelessSession(session -> session.createSelectionQuery(
                        "select c.owner, c.withheldFromAuthorities,"
                                + " array_contains(c.withheldFromOrganisations, :organisation)"
                                + " from CaseRow c where c.caseCode = :code",
                        Object[].class)
                .setParameter("code", code.text())
                .setParameter("organisation", organisation == null ? "" : organisation)
                .getSingleResultOrNull()
                .chain(row -> session.createSelectionQuery(
                                "select p.standing from ProviderRow p"
                                        + " where p.key.caseCode = :code and str(p.key.organisation) = :organisation",
                                String.class)
                        .setParameter("code", code.text())
                        .setParameter("organisation", organisation == null ? "" : organisation)
                        .getResultList()
                        .map(standings -> ties(row, organisation, standings))));
    }

    private static Ties ties(Object @Nullable [] row, @Nullable String organisation, List<String> standings) {
        if (row == null) {
            return new Ties(Set.of(), false, false);
        }
        Set<Relation> relations = EnumSet.of(Relation.NONE);
        if (row[0].toString().equals(organisation)) {
            relations.add(Relation.OWNING);
        }
        standings.stream().map(CaseList::relation).forEach(relations::add);
        return new Ties(relations, (boolean) row[1], (boolean) row[2]);
    }

    /** Who keeps a case; nothing where there is none. */
    public Uni<Optional<UUID>> owner(CaseCode code) {
        return sessions.withStatelessSession(session -> session.createSelectionQuery(
                        "select c.owner from CaseRow c where c.caseCode = :code", UUID.class)
                .setParameter("code", code.text())
                .getResultList()
                .map(found -> found.stream().findFirst()));
    }

    private static Relation relation(String standing) {
        return switch (standing) {
            case "offered" -> Relation.OFFERED;
            case "providing" -> Relation.PROVIDING;
            case "has-provided" -> Relation.HAS_PROVIDED;
            default -> throw new IllegalStateException("no such standing: " + standing);
        };
    }

    public Uni<Boolean> exists(CaseCode code) {
        return sessions.withStatelessSession(session -> session.createSelectionQuery(
                        "select count(*) from CaseRow c where c.caseCode = :code", Long.class)
                .setParameter("code", code.text())
                .getSingleResult()
                .map(count -> count > 0));
    }

    /** The newest first; at most {@code limit} of them. */
    public Uni<List<Line>> page(Filter filter, @Nullable After after, int limit) {
        StringBuilder where = new StringBuilder(" where true");
        if (filter.owner() != null) {
            where.append(" and c.owner = :owner");
        }
        if (filter.withoutWithheldFromAuthorities()) {
            where.append(" and not c.withheldFromAuthorities");
        }
        if (filter.reader() != null) {
            where.append(" and not array_contains(c.withheldFromOrganisations, :reader)");
        }
        if (filter.withdrawalUnheard()) {
            where.append(" and c.withdrawalUnheard");
        }
        if (filter.handOverFailed()) {
            where.append(" and c.handOverFailed and c.state = 'open'");
        }
        if (after != null) {
            where.append(" and (c.detectedAt < :at or c.detectedAt = :at and c.caseCode > :code)");
        }
        String select = "select new " + Line.class.getName() + "(c.caseCode, c.owner, c.state, c.place, c.foundAt,"
                + " c.detectedAt, c.presumed, c.urgent, c.openNeeds, c.nextDueAt, c.version) from CaseRow c";
        return sessions.withStatelessSession(session -> {
            SelectionQuery<Line> query = session.createSelectionQuery(
                    select + where + " order by c.detectedAt desc, c.caseCode", Line.class);
            if (filter.owner() != null) {
                query.setParameter("owner", filter.owner());
            }
            if (filter.reader() != null) {
                query.setParameter("reader", filter.reader());
            }
            if (after != null) {
                query.setParameter("at", after.detectedAt()).setParameter("code", after.caseCode());
            }
            return query.setMaxResults(limit).getResultList();
        });
    }
}
