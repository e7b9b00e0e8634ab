package dev.parley.media.record;

/** What a recorder counts. */
public enum RecorderCounter {
  BEGUN("Segments of recordings begun"),
  REFUSED("Segments not begun, for want of room in the spool or because it fails"),
  ENDED("Segments ended as wished"),
  FAILED("Segments ended because the disk was full or failed"),
  RECOVERED("Segments that an earlier process broke off, made whole"),
  UNREADABLE("Tracks in the spool that cannot be read");

  private final String description;

  RecorderCounter(String description) {
    this.description = description;
  }

  /** What the count means, for operators. */
  public String description() {
    return description;
  }
}
