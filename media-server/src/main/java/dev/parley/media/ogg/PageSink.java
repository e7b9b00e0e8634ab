package dev.parley.media.ogg;

/** Takes a stream's pages, one after the other. */
@FunctionalInterface
public interface PageSink {
  /**
   * Takes one whole page, and copies what it keeps of it.
   *
   * @param page its bytes, from 0 to {@code length}
   * @param isLast whether no other page follows
   */
  void onPage(byte[] page, int length, boolean isLast);
}
