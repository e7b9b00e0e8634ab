package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import org.jspecify.annotations.Nullable;

/** What watchers of conferences see: who is in, and where they stand who wait. Thread-safe. */
public record ConferenceView(Participants participants, WaitingRoom waitingRoom)
    implements Rosters {
  @Override
  public @Nullable Roster roster(ConferenceId conference) {
    return participants.roster(conference);
  }

  @Override
  public Sight sight(ConferenceId conference, ParticipantId participant) {
    return participants.sight(conference, participant);
  }

  @Override
  public @Nullable QueuePlace stillWaits(ConferenceId conference, ParticipantId participant) {
    return waitingRoom.stillWaits(conference, participant);
  }
}
