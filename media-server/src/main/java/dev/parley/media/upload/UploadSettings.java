package dev.parley.media.upload;

import java.time.Duration;

/**
 * How uploads are made.
 *
 * @param bytesPerSec what all of them may send together: less than the link has, so that the
 *     control link never waits
 * @param atOnce how many tracks are sent at once; each takes memory for a part
 * @param partLength bytes of each part but the last; S3 wants 5 MiB at least
 * @param putLengthMax from how many bytes on a track is sent in parts
 * @param scan how often the spool is looked through
 * @param retryFirst the first pause after a failure
 * @param retryLongest the longest
 */
public record UploadSettings(
    long bytesPerSec,
    int atOnce,
    int partLength,
    int putLengthMax,
    Duration scan,
    Duration retryFirst,
    Duration retryLongest) {
  /** Parts of 5 MiB, from 8 MiB on. */
  private static final int PART_LENGTH = 5 << 20;

  private static final int PUT_LENGTH_MAX = 8 << 20;

  public UploadSettings {
    if (bytesPerSec < 1 || atOnce < 1 || partLength < 1 || putLengthMax < partLength) {
      throw new IllegalArgumentException("rates, counts and lengths are positive");
    }
  }

  /** What suits S3. */
  public static UploadSettings of(long bytesPerSec, int atOnce) {
    return new UploadSettings(
        bytesPerSec,
        atOnce,
        PART_LENGTH,
        PUT_LENGTH_MAX,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofMinutes(1));
  }

  /** Returns it with other times. */
  public UploadSettings with(Duration scanEvery, Duration first, Duration longest) {
    return new UploadSettings(
        bytesPerSec, atOnce, partLength, putLengthMax, scanEvery, first, longest);
  }
}
