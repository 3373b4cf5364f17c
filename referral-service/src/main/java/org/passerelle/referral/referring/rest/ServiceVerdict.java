package org.passerelle.referral.referring.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.directory.DirectorySearch.Names;
import org.passerelle.referral.routing.Reason;
import org.passerelle.referral.routing.Verdict;
import org.passerelle.referral.routing.Weights;
import org.passerelle.referral.texts.Texts;

/**
 * What routing said of one service, in a sentence and in codes.
 *
 * @param points the sum over the soft rules of weight times what it got; null where it was left out
 * @param got of each soft rule, from 0 to 1000
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceVerdict(
        @Nullable Integer rank,
        UUID serviceId,
        @Nullable String serviceName,
        UUID organisation,
        @Nullable String organisationName,
        String explanation,
        List<Reason> reasons,
        @Nullable Integer points,
        @Nullable Map<String, Integer> got) {

    static Map<UUID, Names> byService(List<Names> names) {
        Map<UUID, Names> byService = new HashMap<>();
        names.forEach(name -> byService.put(name.service(), name));
        return byService;
    }

    /**
     * @param verdicts best first
     * @param weights  null in a decision of before there were weights
     * @param names    a service that has left the directory since has none
     */
    static List<ServiceVerdict> of(
            List<Verdict> verdicts, @Nullable Weights weights, Map<UUID, Names> names, Texts texts) {
        return of(verdicts, true, weights, names, texts);
    }

    static List<ServiceVerdict> leftOut(List<Verdict> verdicts, Map<UUID, Names> names, Texts texts) {
        return of(verdicts, false, null, names, texts);
    }

    private static List<ServiceVerdict> of(
            List<Verdict> verdicts, boolean ranked, @Nullable Weights weights, Map<UUID, Names> names, Texts texts) {
        List<ServiceVerdict> views = new ArrayList<>();
        for (int at = 0; at < verdicts.size(); at++) {
            Verdict verdict = verdicts.get(at);
            Names name = names.get(verdict.service().value());
            List<Integer> got = weights == null ? null : verdict.got();
            List<String> sentences = new ArrayList<>();
            if (ranked) {
                sentences.add(texts.say("kept.rank", Integer.toString(at + 1)));
            }
            verdict.reasons().forEach(reason -> sentences.add(texts.say(reason.code(), reason.args())));
            views.add(new ServiceVerdict(
                    ranked ? at + 1 : null,
                    verdict.service().value(),
                    name == null ? null : name.serviceName(),
                    verdict.organisation().value(),
                    name == null ? null : name.organisationName(),
                    String.join(" ", sentences),
                    verdict.reasons(),
                    got == null || weights == null ? null : (Integer) weights.points(got),
                    got == null || weights == null ? null : byRule(weights, got)));
        }
        return views;
    }

    private static Map<String, Integer> byRule(Weights weights, List<Integer> got) {
        Map<String, Integer> byRule = new LinkedHashMap<>();
        for (int at = 0; at < got.size(); at++) {
            byRule.put(weights.rules().get(at).rule().code(), got.get(at));
        }
        return byRule;
    }
}
