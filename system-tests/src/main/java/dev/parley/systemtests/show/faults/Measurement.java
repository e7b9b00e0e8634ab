package dev.parley.systemtests.show.faults;

import dev.parley.systemtests.nodes.MediaSeat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One fault in a scene, from its beginning until all is well again.
 *
 * @param detectedMs until a media server was given up; not a number if none was
 * @param moves who was told to go where
 * @param silencesMs how long each guest heard nothing at most: of those who were told to move, if
 *     the fault is one that moves them
 * @param resumedMs until the last client's events went on; not a number if none broke
 * @param service what became of those who tried meanwhile
 * @param essentials what was asked while the store was broken; null if something else was
 * @param lost conferences that are not as they were
 * @param isWell whether all was well again in the end
 */
record Measurement(
    Fault fault,
    double detectedMs,
    Moves moves,
    List<Double> silencesMs,
    double resumedMs,
    Service service,
    @Nullable Essentials essentials,
    int lost,
    boolean isWell) {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_MS = 20;
  private static final long FELT_MS = 300;

  /**
   * Who was told that the media is elsewhere.
   *
   * @param toldMs until the last one was; not a number if nobody was
   * @param count of guests
   * @param areNext whether each of their conferences is at the very next epoch
   * @param fenced how often a media server came back and was told that it had been given up
   */
  record Moves(double toldMs, int count, boolean areNext, double fenced) {}

  /**
   * Joins, leaves and messages.
   *
   * @param healedMs from the mending until the last attempt that failed or was late had ended; 0 if
   *     none did later
   * @param attempts to join and leave while it was broken
   * @param failures of them
   * @param errors of them without an answer, or with one of the 500s
   * @param longestMs how long the longest of them took
   * @param lastBad that last attempt, in words
   */
  record Service(
      double healedMs, int attempts, int failures, int errors, double longestMs, String lastBad) {
    private static Service of(Fault fault, Scene scene, long beganNs, long mendedNs) {
      // What is mended as it breaks is felt afterwards.
      long untilNs = fault.lengthMs() == 0 ? System.nanoTime() : mendedNs;
      List<Probes.Sample> samples = scene.probes().since(beganNs);
      List<Probes.Sample> joins =
          samples.stream()
              .filter(sample -> sample.what() == Probes.What.JOIN_AND_LEAVE)
              .filter(sample -> sample.atNs() <= untilNs)
              .toList();
      Optional<Probes.Sample> lastBad =
          samples.stream()
              .filter(sample -> !sample.isGood())
              .max(Comparator.comparingLong(Probes.Sample::endedNs));
      return new Service(
          Math.max(0, millis(lastBad.map(Probes.Sample::endedNs).orElse(mendedNs) - mendedNs)),
          joins.size(),
          (int) joins.stream().filter(sample -> !sample.isDone()).count(),
          (int) joins.stream().filter(Probes.Sample::isError).count(),
          joins.stream().mapToDouble(one -> millis(one.endedNs() - one.atNs())).max().orElse(0),
          lastBad.map(Probes.Sample::toString).orElse("nothing failed"));
    }
  }

  /** Breaks something, mends it, and waits until all is well. */
  static Measurement of(Fault fault, Scene scene) throws Exception {
    Essentials essentials = fault.isOfStore() ? new Essentials(scene) : null;
    List<Guest> guests = scene.guests();
    List<Long> epochs = guests.stream().map(Guest::epoch).toList();
    double lostBefore = scene.lostServers();
    double fencedBefore = fenced(scene);
    guests.forEach(guest -> guest.ear().reset());
    long beganNs = System.nanoTime();
    Fault.Mending mending = fault.begin(scene);
    if (essentials != null) {
      TimeUnit.MILLISECONDS.sleep(FELT_MS);
      essentials.ask();
    }
    long untilNs = beganNs + TimeUnit.MILLISECONDS.toNanos(fault.lengthMs());
    long detectedNs =
        fault.movesMedia() && comesTrue(() -> scene.lostServers() > lostBefore, untilNs)
            ? System.nanoTime()
            : 0;
    sleepUntil(untilNs);
    mending.run();
    long mendedNs = System.nanoTime();
    long deadlineNs = mendedNs + PATIENCE_NS;
    boolean isSettled = true;
    if (essentials != null) {
      isSettled = comesTrue(essentials::isRecorded, deadlineNs);
      essentials.clear();
    }
    if (fault.comesBack()) {
      isSettled &= comesTrue(() -> fenced(scene) > fencedBefore, deadlineNs);
    }
    boolean isWell =
        isSettled
            && comesTrue(
                () ->
                    scene.probes().areWellSince(mendedNs)
                        && scene.areSeatsRight()
                        && scene.lostCount() == 0,
                deadlineNs);
    List<Guest> moved = guests.stream().filter(guest -> guest.movedNs() > beganNs).toList();
    boolean areNext = true;
    for (int i = 0; i < guests.size(); i++) {
      boolean hasMoved = guests.get(i).movedNs() > beganNs;
      areNext &= guests.get(i).epoch() == epochs.get(i) + (hasMoved ? 1 : 0);
    }
    return new Measurement(
        fault,
        detectedNs == 0 ? Double.NaN : millis(detectedNs - beganNs),
        new Moves(
            newest(moved.stream().map(Guest::movedNs).toList(), beganNs),
            moved.size(),
            areNext,
            fenced(scene) - fencedBefore),
        (fault.movesMedia() ? moved : guests)
            .stream().map(guest -> guest.ear().longestMs()).toList(),
        newest(guests.stream().map(Guest::welcomedNs).toList(), beganNs),
        Service.of(fault, scene, beganNs, mendedNs),
        essentials,
        scene.lostCount(),
        isWell);
  }

  /** In one line, for those who watch. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "%s; longest silence %.0f ms; steady %.0f ms after it was mended (%s)",
        isWell && lost == 0 ? "all is well" : "NOT WELL, " + lost + " lost",
        silencesMs.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN),
        service.healedMs(),
        service.lastBad());
  }

  private static void sleepUntil(long untilNs) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.max(0, untilNs - System.nanoTime()));
  }

  /** Something that is asked for again and again. */
  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private static boolean comesTrue(Condition condition, long deadlineNs)
      throws InterruptedException {
    while (System.nanoTime() < deadlineNs) {
      if (condition.holds()) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
    return false;
  }

  private static double fenced(Scene scene) {
    double count = 0;
    for (MediaSeat seat : scene.media()) {
      count += Math.max(0, seat.metric("parley_control_fenced_total"));
    }
    return count;
  }

  /** When the last of what happened after the beginning did; not a number if nothing did. */
  private static double newest(List<Long> timesNs, long beganNs) {
    List<Long> after = new ArrayList<>(timesNs);
    after.removeIf(one -> one <= beganNs);
    return after.isEmpty()
        ? Double.NaN
        : millis(after.stream().mapToLong(Long::longValue).max().orElse(0) - beganNs);
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
