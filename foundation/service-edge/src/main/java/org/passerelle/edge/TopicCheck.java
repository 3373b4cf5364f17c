package org.passerelle.edge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jboss.logging.Logger;

/** A service refuses to publish on a topic that has another number of partitions than it was planned with. */
final class TopicCheck {

    private static final Logger LOG = Logger.getLogger(TopicCheck.class);
    private static final int SECONDS = 10;

    private TopicCheck() {}

    /**
     * @throws IllegalStateException when a topic exists with another number of partitions; a broker that does not
     *     answer is no reason to stay away: commands can be taken, the relay catches up
     */
    static void check(Map<String, Object> connection, List<String> topics, int partitions) {
        if (topics.isEmpty()) {
            return;
        }
        Map<String, Object> config = new HashMap<>(connection);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, SECONDS * 1000);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        try (Admin admin = Admin.create(config)) {
            for (TopicDescription topic : admin.describeTopics(topics)
                    .allTopicNames()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .values()) {
                if (topic.partitions().size() != partitions) {
                    throw new IllegalStateException("topic " + topic.name() + " has "
                            + topic.partitions().size() + " partitions, not " + partitions
                            + "; growth is a new topic refilled from the log");
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("topics could not be checked: %s", e.getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
