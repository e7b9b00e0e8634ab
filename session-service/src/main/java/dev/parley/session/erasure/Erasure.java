package dev.parley.session.erasure;

import dev.parley.common.id.RecordingId;
import dev.parley.session.recording.RecordedPeople;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One wish that nothing be kept of a person, and what came of it. Immutable; each change makes the
 * next one.
 *
 * @param pseudonym what the person is called where the identity must not be read
 * @param subject the identity, until it is done
 * @param erasesMixes whether recorded mixes that the person may be heard in are erased
 * @param mixes those that they may be heard in, as far as they are named
 * @param walk how far it has come, or null once it is done
 * @param isInterrupted true if work on it broke off, by a node's death or the store's: what was
 *     just erased then is not counted
 * @param dueAt when somebody must look at it; once it is done, when it may be forgotten
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Erasure(
    String id,
    String tenant,
    String pseudonym,
    @Nullable String subject,
    boolean erasesMixes,
    List<RecordedPeople.Mix> mixes,
    Instant requestedAt,
    @Nullable Walk walk,
    Findings findings,
    boolean isInterrupted,
    @Nullable Instant finishedAt,
    Instant dueAt,
    long version) {
  /** Of so many mixes each is named, so that an item has room for them; others are counted. */
  public static final int MIXES_NAMED_MAX = 500;

  public Erasure {
    // Receipts of the first days name none.
    mixes = List.copyOf(Objects.requireNonNullElse(mixes, List.of()));
  }

  /**
   * A walk through all conferences of the tenant.
   *
   * @param isSecond true if it looks for what was being written during the first
   * @param cursor where it goes on, or null at the beginning
   * @param isTaken true while somebody works on it
   */
  public record Walk(boolean isSecond, @Nullable String cursor, boolean isTaken) {}

  /**
   * Whom to erase.
   *
   * @param erasesMixes whether recorded mixes that they may be heard in are erased, too
   */
  public record Wish(String subject, boolean erasesMixes) {
    /** Logs must not have the identity. */
    @Override
    public String toString() {
      return "Wish[erasesMixes=" + erasesMixes + "]";
    }
  }

  static Erasure wished(String id, String tenant, String pseudonym, Wish wish, Instant now) {
    return new Erasure(
        id,
        tenant,
        pseudonym,
        wish.subject(),
        wish.erasesMixes(),
        List.of(),
        now,
        new Walk(false, null, false),
        Findings.NONE,
        false,
        null,
        now,
        0);
  }

  /** Returns true once nothing is left to be done. */
  public boolean isDone() {
    return finishedAt != null;
  }

  /** Returns it being worked on until then. */
  Erasure taken(Walk now, Instant until) {
    return with(
        new Walk(now.isSecond(), now.cursor(), true),
        findings,
        isInterrupted || now.isTaken(),
        until);
  }

  /** Returns it further on. */
  Erasure at(Walk next, Findings all, Instant due) {
    return with(next, all, isInterrupted, due);
  }

  /** Returns it done, without the identity. */
  Erasure done(Findings all, Instant now, Instant forgetAt) {
    return new Erasure(
        id,
        tenant,
        pseudonym,
        null,
        erasesMixes,
        mixes,
        requestedAt,
        null,
        all,
        isInterrupted,
        now,
        forgetAt,
        version);
  }

  /** Returns it with more mixes, as long as there is room to name them. */
  Erasure naming(List<RecordedPeople.Mix> more) {
    Map<RecordingId, RecordedPeople.Mix> all = new LinkedHashMap<>();
    Stream.concat(mixes.stream(), more.stream())
        .forEach(mix -> {
          if (all.containsKey(mix.recording()) || all.size() < MIXES_NAMED_MAX) {
            all.put(mix.recording(), mix);
          }
        });
    return new Erasure(
        id,
        tenant,
        pseudonym,
        subject,
        erasesMixes,
        List.copyOf(all.values()),
        requestedAt,
        walk,
        findings,
        isInterrupted,
        finishedAt,
        dueAt,
        version);
  }

  /** Returns it with another version. */
  public Erasure withVersion(long stored) {
    return new Erasure(
        id,
        tenant,
        pseudonym,
        subject,
        erasesMixes,
        mixes,
        requestedAt,
        walk,
        findings,
        isInterrupted,
        finishedAt,
        dueAt,
        stored);
  }

  private Erasure with(Walk next, Findings all, boolean interrupted, Instant due) {
    return new Erasure(
        id,
        tenant,
        pseudonym,
        subject,
        erasesMixes,
        mixes,
        requestedAt,
        next,
        all,
        interrupted,
        finishedAt,
        due,
        version);
  }

  /** Logs must not have the identity. */
  @Override
  public String toString() {
    return "Erasure[" + id + "]";
  }
}
