package dev.parley.systemtests.show.peers;

import dev.parley.benchmarks.LoadOptions;

/**
 * A load that both servers are put under.
 *
 * @param kind what is asked of them
 * @param people how many hear something
 * @param timesCheaper how many times Parley's cost must fit into Janus's
 */
record PeerWork(Kind kind, int people, double timesCheaper) {
  private static final int TALKERS = 3;
  private static final int SENDING_MS = 20;
  private static final int LISTENING_ONLY_MS = 0;
  private static final int JOINS_PER_SECOND = 25;

  /** What is asked of a server. */
  enum Kind {
    /** All send and hear a mix, three of them talk. */
    MIX("Mixed, 3 of the room talk", "ms a participant-second"),
    /** One talks; those who hear it send nothing. */
    FORWARD("Forwarded", "us a packet");

    private final String words;
    private final String unit;

    Kind(String words, String unit) {
      this.words = words;
      this.unit = unit;
    }

    /** For the reader. */
    String words() {
      return words;
    }

    /** Of the processor time. */
    String unit() {
      return unit;
    }
  }

  String title() {
    return switch (kind) {
      case MIX -> people + " in a mixed room";
      case FORWARD -> "1 talker to " + people;
    };
  }

  /** For Parley the talker is one more participant. */
  LoadOptions ofParley() {
    LoadOptions load = common(kind == Kind.FORWARD ? people + 1 : people);
    load.server = LoadOptions.Server.PARLEY;
    load.slots = 1;
    if (kind == Kind.MIX) {
      load.mixed = people;
    } else {
      load.mixed = 0;
      load.talkers = 1;
      load.quietIntervalMs = LISTENING_ONLY_MS;
    }
    return load;
  }

  /** For Janus's Streaming plugin it is none of them. */
  LoadOptions ofJanus() {
    LoadOptions load = common(people);
    load.server = kind == Kind.MIX ? LoadOptions.Server.AUDIOBRIDGE : LoadOptions.Server.STREAMING;
    return load;
  }

  private static LoadOptions common(int participants) {
    LoadOptions load = new LoadOptions();
    load.participants = participants;
    load.talkers = TALKERS;
    load.quietIntervalMs = SENDING_MS;
    load.joinSeconds = Math.max(1, (double) participants / JOINS_PER_SECOND);
    return load;
  }
}
