package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.util.concurrent.Executor;

/**
 * Takes what clients say about their own media to where it counts: a media server that no node
 * hears of may live and serve them all the same. Thread-safe; blocks nobody.
 */
public final class MediaTestimony {
  private final ConferenceStore store;
  private final MediaServers mediaServers;
  private final Executor background;

  /**
   * Takes what it needs.
   *
   * @param background reads the store, on threads that may block
   */
  public MediaTestimony(ConferenceStore store, MediaServers mediaServers, Executor background) {
    this.store = store;
    this.mediaServers = mediaServers;
    this.background = background;
  }

  /** Takes in what a participant's client says. */
  public void hear(ConferenceId conference, ParticipantId id, MediaWord word) {
    // Nearly always there is no server in doubt, and then nobody need know.
    if (mediaServers.wantsTestimony()) {
      background.execute(() -> {
        Participant participant = store.participant(conference, id);
        MediaSession media = participant == null ? null : participant.media();
        if (media != null) {
          mediaServers.testify(media.server(), word);
        }
      });
    }
  }
}
