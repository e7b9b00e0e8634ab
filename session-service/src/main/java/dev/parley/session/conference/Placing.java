package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a conference begins where it may be, and there near the first who comes.
 * Thread-safe; blocks on the store.
 */
public final class Placing {
  private final ConferenceStore store;
  private final MediaServers mediaServers;

  public Placing(ConferenceStore store, MediaServers mediaServers) {
    this.store = store;
    this.mediaServers = mediaServers;
  }

  /** Returns why nobody can come to the conference, wherever from, or null if they can. */
  public @Nullable Refusal refusal(Conference conference) {
    if (conference.options().placement().policies() == null) {
      return null;
    }
    Allocation allocation = store.allocation(conference.id());
    return allocation != null && allocation.server() != null
        ? null
        : refusal(mediaServers, conference);
  }

  /** Returns why a conference without a server cannot have any, or null if it might. */
  static @Nullable Refusal refusal(MediaServers mediaServers, Conference conference) {
    Placement placement = conference.options().placement();
    String policy = placement.policies();
    RegionWish wish = RegionWish.of(conference, Allocation.none(conference.id()));
    return policy == null || mediaServers.isServed(wish)
        ? null
        : new Refusal.ResidencyDenied(policy, placement.allowed());
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
