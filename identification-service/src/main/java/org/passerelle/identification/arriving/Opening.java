package org.passerelle.identification.arriving;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.casefile.CaseCommand;
import org.passerelle.identification.casefile.CaseCommand.RecordConsent;
import org.passerelle.identification.casefile.CaseCommand.RecordDetection;
import org.passerelle.identification.casefile.CaseCommand.StateNeed;
import org.passerelle.identification.casefile.CaseDecider;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.consenting.Scope;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.messages.Message;
import org.passerelle.identification.needs.CountryRules;
import org.passerelle.identification.needs.DutyToReport;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.screening.Answer;

/**
 * The case that this mechanism opens for somebody who was handed over: with what they agreed to have told. Nothing that
 * the other country has decided about them is taken over: whether they are a victim is decided here anew.
 *
 * @param desk  the organisation that keeps the case from now on
 * @param place where the needs are to be answered
 * @param ids   random
 */
public record Opening(
        CaseCode code, OrganisationId desk, Place place, CountryRules country, Supplier<UUID> ids, Instant now) {

    /** The events of the new case. */
    public List<CaseEvent> events(Message.HandingOver handOver) {
        CaseDecider decider = new CaseDecider();
        CaseFile file = decider.initial();
        List<CaseEvent> events = new ArrayList<>();
        for (CaseCommand command : commands(handOver)) {
            List<CaseEvent> more = decider.decide(command, file);
            events.addAll(more);
            file = decider.fold(file, more);
        }
        return events;
    }

    private List<CaseCommand> commands(Message.HandingOver handOver) {
        List<CaseCommand> commands = new ArrayList<>();
        Message.StoryPart story = handOver.story();
        commands.add(new RecordDetection(
                code,
                desk,
                new Found(
                        story == null ? now : story.foundAt(),
                        story == null ? place : story.foundIn(),
                        null,
                        Found.How.OTHER),
                person(handOver.person(), story == null ? now : story.foundAt()),
                Answer.UNKNOWN,
                story == null ? null : story.account(),
                now));
        commands.add(new RecordConsent(consent(handOver.consent())));
        // That a foreign mechanism told of a need for the police is no report under this country's law. Whoever asks
        // the
        // person here can state one.
        CountryRules withoutDuty = new CountryRules(country.pack(), country.clocks(), DutyToReport.NONE);
        List<Message.NeedPart> needs = handOver.needs() == null ? List.of() : handOver.needs();
        for (Message.NeedPart need : needs) {
            commands.add(new StateNeed(
                    new NeedId(ids.get()), need.service(), need.urgency(), place, withoutDuty, begun(need), now));
        }
        return commands;
    }

    /** The clock is the need's: what the other mechanism has let pass has passed. No file makes it begin later than now. */
    private StateNeed.Begun begun(Message.NeedPart need) {
        Instant statedAt = need.statedAt();
        Instant dueAt = need.dueAt();
        return new StateNeed.Begun(
                statedAt == null || statedAt.isAfter(now) ? now : statedAt.truncatedTo(ChronoUnit.MILLIS),
                dueAt == null ? null : dueAt.truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * It lets nobody of this mechanism read anything: that must be agreed to here. What is withheld from authorities
     * there stays withheld from them here.
     */
    private Consent consent(Message.ConsentPart given) {
        return new Consent(
                new ConsentId(ids.get()),
                Set.of(Scope.CROSS_BORDER),
                new Consent.Recipients(false, Set.of()),
                new Consent.WithheldFrom(given.withheldFromAuthorities(), Set.of()),
                null,
                given.obtainedFrom(),
                given.language(),
                now);
    }

    /** An age is written down as it was when they were found. */
    private Person person(Message.@Nullable PersonPart told, Instant foundAt) {
        if (told == null) {
            return new Person(null, null, null, null, Sex.NON_SPECIFIED_UNKNOWN, null, null, List.of(), List.of());
        }
        return new Person(
                told.givenName(),
                told.familyName(),
                told.birthDate(),
                told.age() == null ? null : Math.max(0, told.age() - years(foundAt)),
                told.sex() == null ? Sex.NON_SPECIFIED_UNKNOWN : told.sex(),
                told.phone(),
                told.address(),
                told.citizenships() == null ? List.of() : told.citizenships(),
                told.languages() == null ? List.of() : told.languages());
    }

    private int years(Instant since) {
        return Math.max(
                0, (int) ChronoUnit.YEARS.between(since.atOffset(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC)));
    }
}
