package org.passerelle.referral.referring;

/**
 * Under which clocks a referral lives: those of the country where the need is, as they were when it was requested. A
 * newer pack changes no referral that runs.
 *
 * @param pack its version
 */
public record CountryClocks(String pack, OfferClocks offers) {}
