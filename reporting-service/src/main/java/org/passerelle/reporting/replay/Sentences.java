package org.passerelle.reporting.replay;

import java.text.MessageFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.language.Language;
import org.passerelle.reporting.ledger.Fact;

/**
 * Says a fact as a sentence. The words are in {@code sentences_fr|es|en.properties}; a code that has no word yet is said
 * as it is.
 */
public final class Sentences {
    private static final String BUNDLE = "org.passerelle.reporting.replay.sentences";

    private final ZoneId zone;
    private final Map<Language, ResourceBundle> words = new EnumMap<>(Language.class);

    /** @param zone the readers' time zone, in which clocks are said */
    public Sentences(ZoneId zone) {
        this.zone = zone;
        ResourceBundle.Control exactly =
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
        for (Language language : Language.values()) {
            words.put(
                    language,
                    ResourceBundle.getBundle(BUNDLE, language.locale(), Sentences.class.getClassLoader(), exactly));
        }
    }

    public String sentence(Fact fact, Language language) {
        return new Saying(language).say(fact);
    }

    /** The word for a code, e.g. {@code service.MEDICAL}; the code itself where there is none. */
    public String word(String kind, @Nullable String code, Language language) {
        if (code == null) {
            return "?";
        }
        ResourceBundle bundle = bundle(language);
        String key = kind + "." + code;
        return bundle.containsKey(key) ? bundle.getString(key) : code;
    }

    boolean knows(String kind, String code, Language language) {
        return bundle(language).containsKey(kind + "." + code);
    }

    private ResourceBundle bundle(Language language) {
        @Nullable ResourceBundle bundle = words.get(language);
        if (bundle == null) {
            throw new IllegalStateException("no sentences in " + language);
        }
        return bundle;
    }

    private final class Saying {
        private final Language language;
        private final Locale locale;

        Saying(Language language) {
            this.language = language;
            this.locale = language.locale();
        }

        String say(Fact fact) {
            return switch (fact) {
                case Fact.CaseDetected found -> of("case-detected", found.place(), when(found.foundAt()));
                case Fact.ConsentRecorded given -> consent(given);
                case Fact.ConsentWithdrawn _ -> of("consent-withdrawn");
                case Fact.Screened screened -> of("screened", word("instrument", screened.instrument(), language));
                case Fact.VictimPresumed presumed ->
                    of("victim-presumed", word("decider", presumed.decidedBy(), language));
                case Fact.NeedStated need ->
                    of("need-stated", service(need.service()), urgency(need.urgency()), when(need.dueAt()));
                case Fact.CaseClosed closed -> of("case-closed", reason("closure", closed.reason()));
                case Fact.PersonErased erased ->
                    of("person-erased", reason("erasure", erased.reason()), day(erased.finalOn()));
                case Fact.ReferralRequested asked ->
                    of("referral-requested", service(asked.service()), urgency(asked.urgency()), asked.place());
                case Fact.ServiceOffered offered ->
                    of("service-offered", service(offered.service()), when(offered.answerBy()));
                case Fact.OfferAccepted accepted ->
                    of(
                            "telephone".equals(accepted.channel()) ? "offer-accepted-by-telephone" : "offer-accepted",
                            service(accepted.service()));
                case Fact.OfferDeclined declined -> of("offer-declined", reason("decline", declined.reason()));
                case Fact.OfferExpired _ -> of("offer-expired");
                case Fact.OfferWithdrawn withdrawn -> of("offer-withdrawn", reason("withdrawal", withdrawn.reason()));
                case Fact.CaseWorkerTaskRaised task -> of("case-worker-task-raised", reason("task", task.reason()));
                case Fact.ServiceGapFound gap -> of("service-gap-found", service(gap.service()), gap.place());
                case Fact.ReferralProgressed progress -> word("step", progress.step(), language);
                case Fact.GlassBroken broken -> of("glass-broken", when(broken.until()));
                case Fact.GlassReviewed reviewed -> word("review", reviewed.finding(), language);
                case Fact.ReferralCompleted done -> of("referral-completed", reason("outcome", done.outcome()));
                case Fact.ReferralCancelled gone -> of("referral-cancelled", reason("cancellation", gone.reason()));
                case Fact.PlanOpened _ -> of("plan-opened");
                case Fact.ServiceAgreed agreed -> of("service-agreed", service(agreed.service()));
                case Fact.ServiceDelivered given ->
                    of("service-delivered", service(given.service()), when(given.deliveredAt()));
                case Fact.FollowUpScheduled later -> of("follow-up-scheduled", when(later.dueAt()));
                case Fact.FollowUpDue _ -> of("follow-up-due");
                case Fact.FollowUpDone done -> of("follow-up-done", reason("follow-up", done.outcome()));
                case Fact.ServiceEnded ended -> of("service-ended", reason("ending", ended.reason()));
                case Fact.PlanClosed closed -> of("plan-closed", reason("closure", closed.reason()));
                case Fact.Untold kept -> of("untold", kept.type());
            };
        }

        private String consent(Fact.ConsentRecorded given) {
            List<String> scopes = given.scopes().stream()
                    .map(scope -> word("scope", scope, language))
                    .toList();
            String recipients = given.recipients().any()
                    ? of("recipients-any")
                    : of("recipients-named", given.recipients().organisations().size());
            boolean withheld = given.withheldFrom().authorities()
                    || !given.withheldFrom().organisations().isEmpty();
            String sentence = of("consent-recorded", String.join(", ", scopes), recipients);
            return withheld ? sentence + " " + of("consent-withheld") : sentence;
        }

        private String service(String code) {
            return word("service", code, language);
        }

        private String urgency(String code) {
            return word("urgency", code, language);
        }

        private String reason(String kind, String code) {
            return word(kind, code, language);
        }

        private String when(@Nullable Instant instant) {
            return instant == null
                    ? "?"
                    : DateTimeFormatter.ofPattern(bundle(language).getString("date-time"), locale)
                            .format(instant.atZone(zone));
        }

        private String day(LocalDate date) {
            return DateTimeFormatter.ISO_LOCAL_DATE.format(date);
        }

        private String of(String key, Object... values) {
            return new MessageFormat(bundle(language).getString(key), locale).format(values);
        }
    }
}
