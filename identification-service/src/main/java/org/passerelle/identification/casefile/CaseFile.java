package org.passerelle.identification.casefile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.avoiding.Avoidance;
import org.passerelle.identification.casefile.CaseEvent.DetectionRecorded;
import org.passerelle.identification.casefile.CaseEvent.ScreeningRecorded;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.consenting.Consents;
import org.passerelle.identification.erasing.Erasure;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.presuming.Presumption;
import org.passerelle.identification.providing.Provisions;
import org.passerelle.identification.screening.UrgentRisk;

/** A case as its events make it. */
public sealed interface CaseFile {

    /** Nobody was recorded under this code. */
    record Unrecorded() implements CaseFile {}

    /** The person is in the mechanism's care. */
    record Open(Facts facts) implements CaseFile {}

    /** The case is closed. Consent can still be withdrawn, and late news of a referral is still taken note of. */
    record Closed(Facts facts, ClosingReason reason, Instant closedAt) implements CaseFile {}

    /** What is known about a recorded case, open or closed. */
    record Facts(
            DetectionRecorded detection,
            Consents consents,
            List<ScreeningRecorded> screenings,
            List<Presumption> presumptions,
            List<Need> needs,
            Provisions provisions,
            Set<UrgentRisk> urgentRisks,
            Erasure erasure,
            List<HandOver> handOvers,
            Avoidance avoidance) {

        public Facts {
            screenings = List.copyOf(screenings);
            presumptions = List.copyOf(presumptions);
            needs = List.copyOf(needs);
            handOvers = List.copyOf(handOvers);
            urgentRisks = Set.copyOf(urgentRisks);
        }

        static Facts of(DetectionRecorded detection) {
            return new Facts(
                    detection,
                    Consents.none(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Provisions.none(),
                    Set.of(),
                    Erasure.none(),
                    List.of(),
                    Avoidance.NONE);
        }

        public Optional<Need> need(NeedId id) {
            return needs.stream().filter(need -> need.id().equals(id)).findFirst();
        }

        public List<Need> needsUnmet() {
            return needs.stream().filter(Need::unmet).toList();
        }

        public @Nullable Integer ageAt(Instant moment) {
            return detection.person().ageAt(moment, detection.found().at());
        }

        public boolean treatedAsChildAt(Instant moment) {
            return detection.person().treatedAsChildAt(moment, detection.found().at());
        }

        Facts with(Consents changed) {
            return new Facts(
                    detection,
                    changed,
                    screenings,
                    presumptions,
                    needs,
                    provisions,
                    urgentRisks,
                    erasure,
                    handOvers,
                    avoidance);
        }

        Facts with(Provisions changed) {
            return new Facts(
                    detection,
                    consents,
                    screenings,
                    presumptions,
                    needs,
                    changed,
                    urgentRisks,
                    erasure,
                    handOvers,
                    avoidance);
        }

        public Optional<HandOver> handOver(HandOverId id) {
            return handOvers.stream().filter(one -> one.id().equals(id)).findFirst();
        }

        /** With a hand-over in the place of the one of the same id, if there is one. */
        Facts with(HandOverId id, HandOver changed) {
            List<HandOver> others = new ArrayList<>(
                    handOvers.stream().filter(one -> !one.id().equals(id)).toList());
            others.add(changed);
            return new Facts(
                    detection,
                    consents,
                    screenings,
                    presumptions,
                    needs,
                    provisions,
                    urgentRisks,
                    erasure,
                    others,
                    avoidance);
        }

        Facts with(Erasure changed) {
            return new Facts(
                    detection,
                    consents,
                    screenings,
                    presumptions,
                    needs,
                    provisions,
                    urgentRisks,
                    changed,
                    handOvers,
                    avoidance);
        }

        Facts avoiding(Avoidance changed) {
            return new Facts(
                    detection,
                    consents,
                    screenings,
                    presumptions,
                    needs,
                    provisions,
                    urgentRisks,
                    erasure,
                    handOvers,
                    changed);
        }

        Facts plus(ScreeningRecorded screening) {
            return new Facts(
                    detection,
                    consents,
                    more(screenings, screening),
                    presumptions,
                    needs,
                    provisions,
                    urgentRisks,
                    erasure,
                    handOvers,
                    avoidance);
        }

        Facts plus(Presumption presumption) {
            return new Facts(
                    detection,
                    consents,
                    screenings,
                    more(presumptions, presumption),
                    needs,
                    provisions,
                    urgentRisks,
                    erasure,
                    handOvers,
                    avoidance);
        }

        Facts plus(Need need) {
            return new Facts(
                    detection,
                    consents,
                    screenings,
                    presumptions,
                    more(needs, need),
                    provisions,
                    urgentRisks,
                    erasure,
                    handOvers,
                    avoidance);
        }

        Facts plus(List<UrgentRisk> risks) {
            Set<UrgentRisk> all = EnumSet.noneOf(UrgentRisk.class);
            all.addAll(urgentRisks);
            all.addAll(risks);
            return new Facts(
                    detection,
                    consents,
                    screenings,
                    presumptions,
                    needs,
                    provisions,
                    all,
                    erasure,
                    handOvers,
                    avoidance);
        }

        Facts settled(NeedId id, Need.@Nullable Settlement settlement) {
            UnaryOperator<Need> settle = need -> need.id().equals(id) ? need.settledAs(settlement) : need;
            return new Facts(
                    detection,
                    consents,
                    screenings,
                    presumptions,
                    needs.stream().map(settle).toList(),
                    provisions,
                    urgentRisks,
                    erasure,
                    handOvers,
                    avoidance);
        }

        private static <T> List<T> more(List<T> list, T one) {
            List<T> longer = new ArrayList<>(list);
            longer.add(one);
            return longer;
        }
    }
}
