package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.util.List;

/**
 * Notes from where people come to a conference, so that it begins near the first. Thread-safe;
 * blocks on the store.
 */
public final class Placing {
  private final ConferenceStore store;

  public Placing(ConferenceStore store) {
    this.store = store;
  }

  /**
   * Somebody comes, from whom regions are so far. It counts if the conference has no server, and
   * nobody else has come before. Among several at once, any may be the first.
   *
   * @param near none if there is no choice
   */
  public void approach(Participant stay, List<RegionDistance> near) {
    if (near.size() < 2) {
      return;
    }
    ConferenceId id = stay.conference();
    Allocation allocation = store.allocation(id);
    if (allocation == null) {
      allocation = Allocation.none(id);
    }
    if (allocation.isClosed() || allocation.server() != null) {
      return;
    }
    if (allocation.near().isEmpty() || isAlone(stay)) {
      // Whoever was faster was the first.
      Allocation _ = store.write(allocation.nearTo(near));
    }
  }

  private boolean isAlone(Participant stay) {
    return store.present(stay.conference()).stream()
        .allMatch(other -> other.id().equals(stay.id()));
  }
}
