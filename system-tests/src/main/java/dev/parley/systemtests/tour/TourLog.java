package dev.parley.systemtests.tour;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells the tour step by step. One thread. */
final class TourLog {
  /** Of an id so many characters tell which it is. */
  private static final String LONG_ID =
      "\\b((?:cf|pt|we|ti|bn|rs|ak)_[A-Za-z0-9]{0,4})[A-Za-z0-9_-]+";

  private final @Nullable PrintStream out;
  private int chapters;
  private int steps;

  /**
   * Nothing told yet.
   *
   * @param out where to; null tells nobody
   */
  TourLog(@Nullable PrintStream out) {
    this.out = out;
  }

  void chapter(String title) {
    chapters++;
    if (out != null) {
      out.printf(Locale.ROOT, "%n%d. %s%n", chapters, title);
    }
  }

  /** A request and its answer. */
  void asked(String door, String method, String path, int status, long tookNs, String shows) {
    tell(door, method, path, Integer.toString(status), tookNs, shows);
  }

  /** Something that came of itself: an event, a sound, a webhook. */
  void came(String by, String what, long tookNs, String shows) {
    tell(by, "", what, "", tookNs, shows);
  }

  private void tell(
      String door, String method, String what, String status, long tookNs, String shows) {
    steps++;
    if (out != null) {
      out.printf(
          Locale.ROOT,
          "  %-10s %-7s %-58s %3s %5d ms  %s%n",
          door,
          method,
          shortened(what),
          status,
          tookNs / 1_000_000,
          shows);
    }
  }

  int steps() {
    return steps;
  }

  private static String shortened(String path) {
    String bare = path.replaceAll(LONG_ID, "$1…").replaceAll("ticket=.*", "ticket=…");
    return bare.length() > 58 ? bare.substring(0, 57) + "…" : bare;
  }
}
