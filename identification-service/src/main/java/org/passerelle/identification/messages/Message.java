package org.passerelle.identification.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.Phone;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.Verdict;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;

/**
 * What one mechanism says to another.
 *
 * @param id     one-time; a hand-over's is that of the hand-over
 * @param until  from then on it is refused
 * @param digest of the file it was read from
 */
public record Message(
        UUID id, Country from, Country to, Instant issuedAt, Instant until, Content content, Digest digest) {

    /** What it says; named in the file by {@code kind}. */
    public sealed interface Content {}

    /**
     * A person is handed over. What they did not agree to have told is absent.
     *
     * @param consent what they agreed to
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HandingOver(
            ConsentPart consent,
            @Nullable PersonPart person,
            @Nullable List<NeedPart> needs,
            @Nullable StoryPart story) implements Content {}

    /** @param withheldFromAuthorities the person does not want police or officials to know */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConsentPart(
            Set<Fact> facts,
            Consent.ObtainedFrom obtainedFrom,
            Language language,
            @Nullable Instant validUntil,
            boolean withheldFromAuthorities) {}

    /** @param age in whole years when the file was made */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PersonPart(
            @Nullable String givenName,
            @Nullable String familyName,
            @Nullable LocalDate birthDate,
            @Nullable Phone phone,
            @Nullable String address,
            @Nullable Integer age,
            @Nullable Sex sex,
            @Nullable List<Country> citizenships,
            @Nullable List<Language> languages) {}

    /**
     * @param statedAt since when it is known; its clock runs since then
     * @param dueAt    when the sender's mechanism has to have answered it
     */
    public record NeedPart(
            ServiceType service,
            Urgency urgency,
            @Nullable Instant statedAt,
            @Nullable Instant dueAt) {}

    /** @param foundIn the region */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoryPart(
            Instant foundAt, Place foundIn, @Nullable String account) {}

    /**
     * An answer to a hand-over.
     *
     * @param digest of the file that is answered
     * @param reason only with a decline
     * @param expiredAt since when nobody there can accept it any more; with {@code received} only, so that whoever does not
     *     know this field reads what it always read
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Answering(
            UUID handOver,
            Digest digest,
            Verdict verdict,
            @Nullable Declining reason,
            @Nullable Instant expiredAt,
            Instant decidedAt)
            implements Content {}

    /**
     * The person has withdrawn their consent to a hand-over.
     *
     * @param digest of its file; absent where the sender has erased it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Withdrawing(UUID handOver, @Nullable Digest digest, Instant withdrawnAt) implements Content {}

    /** The receiver of a hand-over has taken note that it is withdrawn. */
    public record WithdrawalHeard(UUID handOver, Instant heardAt) implements Content {}
}
