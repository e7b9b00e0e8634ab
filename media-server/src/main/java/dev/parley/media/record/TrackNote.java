package dev.parley.media.record;

import java.util.List;

/**
 * What is noted of a track beside its sound, in the same chunks, so that its manifest can be told
 * after a crash. Positions are samples at 48 kHz since the track's beginning, pauses left out.
 * Immutable.
 */
public sealed interface TrackNote {
  /** Positions of levels lie so far apart: 100 ms. */
  int LEVEL_SAMPLES = 4800;

  /**
   * The first note.
   *
   * @param unixMs milliseconds since 1970 at position 0
   * @param name of the track within its recording
   */
  record Began(long unixMs, String name, int channels, int preSkipSamples) implements TrackNote {}

  /**
   * Loudness, one for each 100 ms from the last on.
   *
   * @param levels the loudest packet's, in dB below full scale, 0 to 127
   */
  record Levels(List<Byte> levels) implements TrackNote {
    public Levels {
      levels = List.copyOf(levels);
    }
  }

  /** Sound is missing. */
  record Gap(long position, long samples, GapCause cause) implements TrackNote {}

  /** What was said from here on is not recorded. */
  record Paused(long position, long unixMs) implements TrackNote {}

  /** And from here on it is again. */
  record Resumed(long position, long unixMs) implements TrackNote {}

  /**
   * Somebody is heard from here on, in a track of several.
   *
   * @param participant the identifier of a stay, which says nothing about a person by itself
   */
  record Heard(long position, String participant) implements TrackNote {}

  /** And from here on no longer. */
  record Silent(long position, String participant) implements TrackNote {}

  /** The last note. */
  record Ended(long samples, long unixMs, EndCause cause) implements TrackNote {}

  /** Why a track ended. */
  enum EndCause {
    /** As it was wished, or because its conference or its talker's stay was over. */
    STOPPED(0),
    /** The process that wrote it ended; it was made whole afterwards. */
    RECOVERED(1),
    /** The disk, or its share for recordings, was full. */
    DISK_FULL(2),
    /** The disk failed, or was too slow. */
    DISK_FAILED(3);

    private final int code;

    EndCause(int code) {
      this.code = code;
    }

    /** The number for it in a sealed file. */
    int code() {
      return code;
    }

    /** The word for it in a manifest. */
    public String word() {
      return switch (this) {
        case STOPPED -> "stopped";
        case RECOVERED -> "recovered";
        case DISK_FULL -> "disk-full";
        case DISK_FAILED -> "disk-failed";
      };
    }
  }
}
