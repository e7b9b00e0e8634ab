package dev.parley.session.node;

import dev.parley.session.conference.MediaServer;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session node tells the others of itself, anew with each beat.
 *
 * @param name what the node is called; no two may have the same
 * @param run drawn when the node started, so that it knows its own records
 * @param control where media servers dial it, or null if nobody may be told
 * @param linked the media servers that have a link to it now
 * @param version counts the beats; 0 before the first
 */
public record NodeRecord(
    String name, String run, @Nullable URI control, List<MediaServer> linked, long version) {
  public NodeRecord {
    linked = List.copyOf(linked);
  }

  /** Returns it with another version. */
  public NodeRecord withVersion(long stored) {
    return new NodeRecord(name, run, control, linked, stored);
  }
}
