package org.passerelle.referral.referring.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.directory.DirectorySearch.Names;
import org.passerelle.referral.routing.Reason;
import org.passerelle.referral.routing.Verdict;
import org.passerelle.referral.texts.Texts;

/** What routing said of one service, in a sentence and in codes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceVerdict(
        @Nullable Integer rank,
        UUID serviceId,
        @Nullable String serviceName,
        UUID organisation,
        @Nullable String organisationName,
        String explanation,
        List<Reason> reasons) {

    static Map<UUID, Names> byService(List<Names> names) {
        Map<UUID, Names> byService = new HashMap<>();
        names.forEach(name -> byService.put(name.service(), name));
        return byService;
    }

    /**
     * @param ranked best first; else left out
     * @param names  a service that has left the directory since has none
     */
    static List<ServiceVerdict> of(List<Verdict> verdicts, boolean ranked, Map<UUID, Names> names, Texts texts) {
        List<ServiceVerdict> views = new ArrayList<>();
        for (int at = 0; at < verdicts.size(); at++) {
            Verdict verdict = verdicts.get(at);
            Names name = names.get(verdict.service().value());
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
                    verdict.reasons()));
        }
        return views;
    }
}
