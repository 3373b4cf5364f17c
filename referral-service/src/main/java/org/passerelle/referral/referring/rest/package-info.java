/** Referrals over HTTP: inbox, outbox, answers, tasks, gaps. */
@NullMarked
package org.passerelle.referral.referring.rest;

import org.jspecify.annotations.NullMarked;
