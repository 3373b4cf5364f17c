/** One Kafka node (broker and controller in one process) for a single machine. */
@NullMarked
package org.passerelle.local.kafka;

import org.jspecify.annotations.NullMarked;
