package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.metrics.Metrics;
import dev.parley.session.capacity.Priority;
import dev.parley.session.conference.ConferenceTraces;
import dev.parley.session.conference.Retention;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What forgets conferences that ended long ago. */
final class RetentionParts {
  private RetentionParts() {}

  /** Returns how long conferences are kept after their end, or null for ever. */
  static @Nullable Duration keep(Settings settings) {
    int days = settings.value(SessionSettings.CONFERENCE_KEEP_DAYS);
    return days == 0 ? null : Duration.ofDays(days);
  }

  /** Begins to forget, if anything is to be; the loop is to be closed. */
  static DueLoop start(
      Settings settings,
      ConferenceParts.Ground on,
      ConferenceTraces elsewhere,
      NodeDirectory nodes,
      Metrics metrics) {
    Retention retention = new Retention(on.store(), on.clock(), elsewhere);
    retention.share(nodes.shards("retention"));
    metrics.counter(
        "parley.conferences.forgotten",
        "Conferences removed because they ended long enough ago",
        retention::forgottenCount);
    DueLoop loop =
        new DueLoop("retention", DueLoop.INTERVAL, () -> Priority.P2.call(retention::run));
    if (keep(settings) != null) {
      loop.start();
    }
    return loop;
  }
}
