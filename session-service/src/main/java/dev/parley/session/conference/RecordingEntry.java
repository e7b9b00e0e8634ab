package dev.parley.session.conference;

import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.id.RecordingId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What everybody in a conference sees of a recording of it. Immutable.
 *
 * @param startedAt when the first of it was recorded, or null before
 * @param version of the recording that this is of; an older one does not replace a newer
 */
public record RecordingEntry(
    RecordingId id,
    RecordingMode mode,
    RecordingState state,
    @Nullable Instant startedAt,
    long version) {}
