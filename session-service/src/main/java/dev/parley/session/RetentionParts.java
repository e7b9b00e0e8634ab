package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.metrics.Metrics;
import dev.parley.session.capacity.Priority;
import dev.parley.session.conference.Retention;
import dev.parley.session.library.RetentionWalk;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What forgets conferences that ended long ago, and finds objects that have been kept too long. */
final class RetentionParts {
  /** Rules change seldom, and what is to be erased for them waited for days. */
  private static final Duration WALK_INTERVAL = Duration.ofSeconds(2);

  private RetentionParts() {}

  /** Returns how long conferences are kept after their end, or null for ever. */
  static @Nullable Duration keep(Settings settings) {
    int days = settings.value(SessionSettings.CONFERENCE_KEEP_DAYS);
    return days == 0 ? null : Duration.ofDays(days);
  }

  /** Begins to forget, if anything is to be, and to find; the loops are to be closed. */
  static List<DueLoop> start(
      Settings settings,
      ConferenceParts.Ground on,
      LibraryParts library,
      NodeDirectory nodes,
      Metrics metrics) {
    IntPredicate ours = nodes.shards("retention");
    Retention retention = new Retention(on.store(), on.clock(), library.traces());
    retention.share(ours);
    metrics.counter(
        "parley.conferences.forgotten",
        "Conferences removed because they ended long enough ago",
        retention::forgottenCount);
    RetentionWalk walk = library.retentionWalk();
    metrics.counter(
        "parley.library.redated",
        "Objects that are erased at another time because a rule of retention changed",
        walk::datedCount);
    metrics.counter(
        "parley.library.expired",
        "Objects erased because they had been kept long enough",
        library.files().library()::expiredCount);
    DueLoop forgetting =
        new DueLoop("retention", DueLoop.INTERVAL, () -> Priority.P2.call(retention::run));
    if (keep(settings) != null) {
      forgetting.start();
    }
    // Of all nodes, one looks.
    DueLoop walking =
        new DueLoop(
            "retention-walk", WALK_INTERVAL, () -> ours.test(0) ? Priority.P2.call(walk::run) : 0);
    walking.start();
    return List.of(forgetting, walking);
  }
}
