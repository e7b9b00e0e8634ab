package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;

/**
 * A participant's state that somebody may have to act on.
 *
 * @param number rises with each status of the participant
 */
public record CallStatus(
    ConferenceId conference, ParticipantId participant, long number, ParticipantState state) {}
