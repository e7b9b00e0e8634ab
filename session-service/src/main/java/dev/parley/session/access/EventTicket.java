package dev.parley.session.access;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Leave to open one events WebSocket.
 *
 * @param participant whose client watches, or null if it is in no call
 * @param isBackend true if it is the tenant's backend that watches
 */
public record EventTicket(
    ConferenceId conference,
    @Nullable ParticipantId participant,
    boolean isBackend,
    Instant expiresAt) {}
