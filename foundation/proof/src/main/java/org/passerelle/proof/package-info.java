/**
 * How it is proven that a log was not changed, and how an outsider checks it: the JDK only.
 *
 * <p>{@link org.passerelle.proof.EventRecord} says what a leaf covers, {@link org.passerelle.proof.TileTree} hashes
 * leaves as RFC 6962 does, {@link org.passerelle.proof.Checkpoint} and {@link org.passerelle.proof.Note} say so over a
 * signature (C2SP), and {@link org.passerelle.proof.Verification} compares an export with what a witness has seen.
 */
@NullMarked
package org.passerelle.proof;

import org.jspecify.annotations.NullMarked;
