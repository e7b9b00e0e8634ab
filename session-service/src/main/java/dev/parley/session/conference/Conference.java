package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conference as the store holds it. Immutable; each change makes the next one, which is stored
 * only if nobody stored another in between.
 *
 * @param alias another name, unique in the tenant while the conference is open
 * @param options an item of an older version has none, which counts as the usual ones
 * @param requestHash of the body it was made with, to tell a repeated create from another
 * @param region where its media is, or was last; null before anybody was connected
 * @param participantCount how many are present; every admission and departure changes it by one
 * @param lastCsrc the number the last participant got; numbers are never given twice
 * @param counted true once it is in the tenant's usage, after its end
 * @param keptUntil not to be forgotten before, for it was on hold when its time had come; or null
 * @param recordings of it that are not over; null counts as none
 * @param outbox what the tenant's own systems have still to be told; null counts as nothing
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Conference(
    ConferenceId id,
    String tenant,
    @Nullable String alias,
    ConferenceOptions options,
    String requestHash,
    ConferenceState state,
    @Nullable EndReason endReason,
    @Nullable Region region,
    int participantCount,
    long lastCsrc,
    Times times,
    boolean counted,
    @Nullable Instant keptUntil,
    List<RecordingEntry> recordings,
    Outbox outbox,
    long version) {

  public Conference {
    options = Objects.requireNonNullElse(options, ConferenceOptions.DEFAULT);
    recordings = List.copyOf(Objects.requireNonNullElse(recordings, List.of()));
    outbox = Objects.requireNonNullElse(outbox, Outbox.EMPTY);
  }

  /**
   * When things happened to it.
   *
   * @param emptySince since when nobody is in it, or null if somebody is
   * @param hostLeftAt when a host last left, or null if none did or one was seen in it since
   * @param changedAt when it was last changed
   * @param recountedAt when its count was last compared with the people in it, or null if never
   */
  public record Times(
      Instant createdAt,
      @Nullable Instant liveAt,
      @Nullable Instant emptySince,
      @Nullable Instant hostLeftAt,
      @Nullable Instant endedAt,
      Instant changedAt,
      @Nullable Instant recountedAt) {
    static Times created(Instant now) {
      return new Times(now, null, now, null, null, now, null);
    }
  }

  /** Makes a conference that is not stored yet. */
  public static Conference create(
      ConferenceId id,
      String tenant,
      @Nullable String alias,
      ConferenceOptions options,
      String requestHash,
      Instant now) {
    return new Conference(
        id,
        tenant,
        alias,
        options,
        requestHash,
        ConferenceState.CREATED,
        null,
        null,
        0,
        0,
        Times.created(now),
        false,
        null,
        List.of(),
        Outbox.EMPTY,
        0);
  }

  /** Returns it with another version. */
  public Conference withVersion(long stored) {
    return with(draft -> draft.version = stored);
  }

  /** Returns the version that clients see: it counts what has changed for them. */
  public long revision() {
    return version - outbox.quietWrites();
  }

  /** Returns when it needs looking after even if nobody asks, or null if never again. */
  public @Nullable Instant dueAt() {
    Deadline deadline = Deadline.of(this);
    Instant actAt = earlier(deadline == null ? null : deadline.at(), countDueAt());
    return earlier(actAt, Notices.dueAt(outbox));
  }

  /** Returns when it is to be counted as used, or null if it is, or cannot be yet. */
  @Nullable Instant countDueAt() {
    Instant endedAt = times.endedAt();
    return endedAt == null || counted || outbox.hasPending()
        ? null
        : endedAt.plus(Participant.COUNT_AFTER);
  }

  /** Returns it as one that is in the tenant's usage, or null if it is not to be. */
  @Nullable Conference asCounted() {
    return countDueAt() == null
        ? null
        : with(draft -> {
          draft.counted = true;
          draft.outbox = outbox.quietly();
        });
  }

  /** Returns since when it is over, and told and counted, or null if it is not. */
  public @Nullable Instant overSince() {
    return counted && !outbox.hasPending() ? times.endedAt() : null;
  }

  /** Returns it as it is; written so, it is found where it is to be found now. */
  public Conference asLookedAt() {
    return with(draft -> draft.outbox = outbox.quietly());
  }

  /** Returns it as one that is not to be forgotten before that time. */
  Conference kept(Instant until) {
    return with(draft -> {
      draft.keptUntil = until;
      draft.outbox = outbox.quietly();
    });
  }

  static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  /** Returns what everyone in it is told of its options. */
  public ConferenceSummary summary() {
    return new ConferenceSummary(
        revision(),
        options.locked(),
        options.lobby(),
        options.maxParticipants(),
        options.lifespan(),
        options.recordingRules());
  }

  boolean isFull() {
    return participantCount >= options.maxParticipants();
  }

  /** Returns true if somebody has been let in, ever. */
  boolean hasBeenEntered() {
    return lastCsrc > 0;
  }

  /** Returns it with other notices to hand on. */
  Conference withOutbox(Outbox next) {
    return with(draft -> draft.outbox = next);
  }

  /** Returns it with other recordings, of which those who read its options need not know. */
  Conference withRecordings(List<RecordingEntry> next) {
    return with(draft -> {
      draft.recordings = next;
      draft.outbox = outbox.quietly();
    });
  }

  /** True if people in it are recorded, or about to be. */
  public boolean hasRunningRecording() {
    return recordings.stream().anyMatch(recording -> recording.state().isRunning());
  }

  Conference withOptions(ConferenceOptions next, Instant now) {
    return with(draft -> {
      draft.options = next;
      draft.changedAt = now;
    });
  }

  Conference withOneMore(Instant now) {
    return with(draft -> {
      draft.count(participantCount + 1, now);
      draft.lastCsrc = lastCsrc + 1;
    });
  }

  Conference withOneLess(Instant now) {
    return with(draft -> draft.count(Math.max(0, participantCount - 1), now));
  }

  /** Returns it with as many as were found to be present; if that is no news, clients hear none. */
  Conference recounted(int present, Instant now) {
    return with(draft -> {
      draft.recountedAt = now;
      if (present == participantCount) {
        draft.outbox = outbox.quietly();
      } else {
        draft.count(present, now);
      }
    });
  }

  /** Returns it with the time when a host last left, or without one. */
  Conference hostLeft(@Nullable Instant at) {
    return with(draft -> draft.hostLeftAt = at);
  }

  Conference in(Region next) {
    return with(draft -> draft.region = next);
  }

  Conference live(Instant now) {
    return with(draft -> {
      draft.become(ConferenceState.LIVE, now);
      draft.liveAt = now;
    });
  }

  Conference ending(EndReason reason, Instant now) {
    return with(draft -> {
      draft.become(ConferenceState.ENDING, now);
      draft.endReason = reason;
    });
  }

  Conference ended(Instant now) {
    return with(draft -> {
      draft.become(ConferenceState.ENDED, now);
      draft.endedAt = now;
      draft.count(0, now);
    });
  }

  private Conference with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return draft.conference();
  }

  /** The next conference while it is being made. */
  private final class Draft {
    private ConferenceOptions options = Conference.this.options;
    private ConferenceState state = Conference.this.state;
    private @Nullable EndReason endReason = Conference.this.endReason;
    private @Nullable Region region = Conference.this.region;
    private int participantCount = Conference.this.participantCount;
    private long lastCsrc = Conference.this.lastCsrc;
    private @Nullable Instant liveAt = times.liveAt();
    private @Nullable Instant emptySince = times.emptySince();
    private @Nullable Instant hostLeftAt = times.hostLeftAt();
    private @Nullable Instant endedAt = times.endedAt();
    private Instant changedAt = times.changedAt();
    private @Nullable Instant recountedAt = times.recountedAt();
    private boolean counted = Conference.this.counted;
    private @Nullable Instant keptUntil = Conference.this.keptUntil;
    private List<RecordingEntry> recordings = Conference.this.recordings;
    private Outbox outbox = Conference.this.outbox;
    private long version = Conference.this.version;

    private void become(ConferenceState next, Instant now) {
      if (!state.mayBecome(next)) {
        throw new IllegalStateException(state + " cannot become " + next);
      }
      state = next;
      changedAt = now;
    }

    private void count(int present, Instant now) {
      participantCount = present;
      emptySince = present > 0 ? null : emptySince == null ? now : emptySince;
      changedAt = now;
    }

    private Conference conference() {
      return new Conference(
          id,
          tenant,
          alias,
          options,
          requestHash,
          state,
          endReason,
          region,
          participantCount,
          lastCsrc,
          new Times(
              times.createdAt(), liveAt, emptySince, hostLeftAt, endedAt, changedAt, recountedAt),
          counted,
          keptUntil,
          recordings,
          outbox,
          version);
    }
  }
}
