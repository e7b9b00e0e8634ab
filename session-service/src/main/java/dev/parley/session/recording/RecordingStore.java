package dev.parley.session.recording;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import java.time.Instant;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Where recordings are kept. Each method touches one record. Thread-safe; blocks. */
public interface RecordingStore {

  @Nullable Recording recording(RecordingId id);

  /**
   * Stores a recording if the stored one still has the version that was read (0: if there is none).
   *
   * @return it with its new version, or null if somebody was faster
   */
  @Nullable Recording write(Recording recording);

  /** Removes a recording that never began; one that somebody changed stays. */
  void remove(Recording recording);

  /**
   * Returns recordings of a tenant, newest first.
   *
   * @param conference only of this one, or null
   */
  Page list(String tenant, @Nullable ConferenceId conference, int limit, @Nullable String cursor);

  /** Returns recordings that are due, oldest first, of the shards that must be looked at. */
  List<Recording> due(Instant now, int limit, IntPredicate isOurs);

  /** Has a recording's shard looked at again soon: it was due, and its work failed. */
  void again(Recording recording);

  /**
   * A page of a list.
   *
   * @param next where the next one begins, or null after the last
   */
  record Page(List<Recording> recordings, @Nullable String next) {
    public Page {
      recordings = List.copyOf(recordings);
    }
  }
}
