package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.util.List;

/** One conference as a media server holds it. */
public record ConferenceSnapshot(
    ConferenceId conference, long epoch, List<ParticipantId> participants) {
  public ConferenceSnapshot {
    requireNonNull(conference, "conference");
    Ranges.requireAtLeast(0, epoch, "epoch");
    participants = List.copyOf(participants);
  }
}
