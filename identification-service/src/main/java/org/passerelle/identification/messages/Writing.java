package org.passerelle.identification.messages;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.Terms;
import org.passerelle.identification.needs.Need;

/** What of a case a consent lets another mechanism know, and nothing more; pure. */
public final class Writing {

    private Writing() {}

    /** @param terms of the consent */
    public static Message.HandingOver of(Facts facts, Consent consent, Terms terms, Instant now) {
        Set<Fact> told = terms.facts();
        return new Message.HandingOver(
                new Message.ConsentPart(
                        told,
                        consent.obtainedFrom(),
                        consent.language(),
                        consent.validUntil(),
                        facts.consents().withheld().authorities()),
                person(facts, told, now),
                told.contains(Fact.NEEDS)
                        ? facts.needs().stream()
                                .filter(Need::unmet)
                                // Whoever comes along has not been asked, and without them it would be the person's.
                                .filter(Need::ofThePerson)
                                .map(need -> new Message.NeedPart(
                                        need.service(), need.urgency(), need.statedAt(), need.dueAt()))
                                .toList()
                        : null,
                told.contains(Fact.STORY) ? story(facts) : null);
    }

    private static Message.@Nullable PersonPart person(Facts facts, Set<Fact> told, Instant now) {
        boolean identity = told.contains(Fact.IDENTITY);
        boolean contact = told.contains(Fact.CONTACT);
        boolean attributes = told.contains(Fact.ATTRIBUTES);
        if (!identity && !contact && !attributes) {
            return null;
        }
        Person person = facts.detection().person();
        return new Message.PersonPart(
                identity ? person.givenName() : null,
                identity ? person.familyName() : null,
                identity ? person.birthDate() : null,
                contact ? person.phone() : null,
                contact ? person.address() : null,
                attributes ? facts.ageAt(now) : null,
                attributes ? person.sex() : null,
                attributes ? List.copyOf(person.citizenships()) : null,
                attributes ? List.copyOf(person.languages()) : null);
    }

    private static Message.StoryPart story(Facts facts) {
        Found found = facts.detection().found();
        return new Message.StoryPart(
                found.at(), found.place(), facts.detection().account());
    }
}
