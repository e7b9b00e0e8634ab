package dev.parley.systemtests.show;

/** Something that can be shown: it runs the real thing, measures, and judges by stated limits. */
public interface Demonstration {
  /** The word after {@code ./parley show}. */
  String name();

  /** One sentence: what a run proves. */
  String proves();

  /** Lines about this demonstration's own options; empty if it has none. */
  default String help() {
    return "";
  }

  /**
   * Whether it runs in a network namespace made for it: its services and clients then meet each
   * other and nobody else.
   */
  default boolean needsPrivateNetwork() {
    return true;
  }

  /** Runs and fills in the report. An exception is a failed run. */
  void run(ShowOptions options, Report report) throws Exception;
}
