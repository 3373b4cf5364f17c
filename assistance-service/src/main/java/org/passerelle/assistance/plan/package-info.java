/**
 * The life of one assistance plan: its facts ({@link org.passerelle.assistance.plan.PlanEvent}), what can be asked of it
 * ({@link org.passerelle.assistance.plan.PlanCommand}) and the pure rules between them ({@link
 * org.passerelle.assistance.plan.PlanDecider}). One plan for each case; its stream's key is the case code.
 */
@NullMarked
package org.passerelle.assistance.plan;

import org.jspecify.annotations.NullMarked;
