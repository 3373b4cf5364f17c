/**
 * Renders the Helm charts beside this module with Helm's own engine, parses every object strictly against the
 * Kubernetes model and checks the policy of {@code docs/operating.md}. Nothing is deployed: no cluster is part of
 * the build.
 */
@NullMarked
package org.passerelle.chart;

import org.jspecify.annotations.NullMarked;
