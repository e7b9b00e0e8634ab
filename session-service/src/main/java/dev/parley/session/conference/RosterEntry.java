package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What everyone in a conference may know of one participant.
 *
 * @param identity who it is in the tenant's own words, the same at every stay
 * @param name for people to read
 * @param csrc the number by which RTP packets name this talker (RFC 3550 §3), 1 to 2^32 - 1, unique
 *     in the conference
 * @param listening how the participant hears the others; {@code AUTO} until its offer decided it
 * @param joinedAt when it was let in, or while it waits, when it asked
 * @param waitsFor null unless it waits to be let in
 */
public record RosterEntry(
    ParticipantId id,
    String identity,
    @Nullable String name,
    Role role,
    ParticipantState state,
    boolean muted,
    long csrc,
    Order.Listening listening,
    Standing standing,
    Instant joinedAt,
    @Nullable WaitReason waitsFor) {}
