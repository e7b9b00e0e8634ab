package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import java.time.Instant;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where conferences are kept. Each method touches one record. A write takes the record as it is to
 * be, with the version that was read, and stores it only if that version is still the stored one
 * (0: only if there is none); it returns the record with its new version, or null if somebody was
 * faster. Thread-safe; blocks.
 */
public interface ConferenceStore {

  @Nullable Conference conference(ConferenceId id);

  @Nullable Conference write(Conference conference);

  /**
   * Returns conferences that were to be forgotten at that time or before.
   *
   * @param limit of each shard
   * @param isOurs says which shards to look at though nothing was written here that is due
   */
  List<ConferenceId> forgettable(Instant now, int limit, IntPredicate isOurs);

  /** Whether it ended so long ago that it is to be forgotten, and nothing is to be done with it. */
  boolean isForgettable(Conference conference, Instant now);

  /**
   * Removes a conference that has ended, with its stays and whatever else there is of it; the
   * record itself last, so that a removal that broke off can be gone on with.
   *
   * @return false if there was too much for once, or something is still to be done with it
   */
  boolean forget(Conference conference);

  /**
   * Looks at some more conferences for those whose time to be forgotten was not known when they
   * were written; that of those is now.
   *
   * @return false if all were looked at
   */
  boolean scheduleForgetting();

  /** Lists a tenant's conferences, newest first. */
  Page list(Selection selection, int limit, @Nullable String cursor);

  @Nullable Participant participant(ConferenceId conference, ParticipantId id);

  @Nullable Participant write(Participant participant);

  /** Returns everyone who has not left, those who wait to be let in too, in order of joining. */
  List<Participant> stays(ConferenceId conference);

  /** Returns everyone who was let in and has not left, in order of joining. */
  default List<Participant> present(ConferenceId conference) {
    return stays(conference).stream().filter(stay -> stay.state().isPresent()).toList();
  }

  /** Returns everyone who waits to be let in, in the order in which they came. */
  default List<Participant> waiting(ConferenceId conference) {
    return stays(conference).stream()
        .filter(stay -> stay.state() == ParticipantState.QUEUED)
        .toList();
  }

  /** Returns all stays that an identity had in a conference, also those that are over. */
  List<Participant> staysOf(ConferenceId conference, String identity);

  /** Forgets who holds an identity, and which of its tokens are refused. */
  void forgetIdentity(ConferenceId conference, String identity);

  @Nullable Allocation allocation(ConferenceId conference);

  @Nullable Allocation write(Allocation allocation);

  /** Returns the conferences that an incarnation of a server holds. */
  List<ConferenceId> conferencesOn(MediaServer server);

  /** Returns who holds an alias; letter case does not count. */
  @Nullable Claim aliasClaim(String tenant, String alias);

  @Nullable Claim writeAliasClaim(String tenant, String alias, Claim claim);

  /** Returns which stay holds an identity in a conference. */
  @Nullable Claim identityClaim(ConferenceId conference, String identity);

  @Nullable Claim writeIdentityClaim(ConferenceId conference, String identity, Claim claim);

  /** Returns an identity's ban, by the ban's id. */
  @Nullable Ban ban(ConferenceId conference, String id);

  @Nullable Ban write(ConferenceId conference, Ban ban);

  /** Returns all bans that are stored, also those that are over. */
  List<Ban> bans(ConferenceId conference);

  /** Removes a ban; returns false if somebody changed it. */
  boolean remove(ConferenceId conference, Ban ban);

  /** Refuses from now on all tokens that an identity was given up to that time. */
  void revokeTokens(ConferenceId conference, String identity, Instant upTo);

  /** Returns up to when an identity's tokens are refused, or null if none are. */
  @Nullable Instant tokensRevokedUpTo(ConferenceId conference, String identity);

  /** Returns what of a shard needed looking after at that time or before, most overdue first. */
  List<Due> due(int shard, Instant now, int limit);

  /** Which shards hold something that will be due; this store says so whenever it writes such. */
  DueShards dueShards();

  @Nullable KnownServer knownServer(MediaServer server);

  @Nullable KnownServer write(KnownServer server);

  /** Forgets a server on which nothing is any more; a fence stays. */
  void forget(KnownServer server);

  @Nullable KnownRegion knownRegion(Region region);

  @Nullable KnownRegion write(KnownRegion region);

  /** Returns the servers that were written and not forgotten, and the regions that were written. */
  KnownFleet knownFleet();

  /** Keeps an incarnation from ever getting conferences again. Fencing it twice is done too. */
  void fence(MediaServer server);

  /** Returns whether the incarnation was fenced. */
  boolean isFenced(MediaServer server);

  /**
   * Something that needs looking after.
   *
   * @param participant null if it is the conference itself
   */
  record Due(ConferenceId conference, @Nullable ParticipantId participant) {}

  /**
   * Which of a tenant's conferences.
   *
   * @param region null for any
   * @param from made then or later, or null
   * @param to made before, or null
   */
  record Selection(
      String tenant,
      @Nullable ConferenceState state,
      @Nullable Region region,
      @Nullable Instant from,
      @Nullable Instant to) {
    /** Returns true if the conference, which is the tenant's, is one of them. */
    public boolean includes(Conference conference) {
      Instant createdAt = conference.times().createdAt();
      return (state == null || conference.state() == state)
          && (region == null || region.equals(conference.region()))
          && (from == null || !createdAt.isBefore(from))
          && (to == null || createdAt.isBefore(to));
    }
  }

  /**
   * Some conferences.
   *
   * @param next for the next page, or null if this is the last
   */
  record Page(List<Conference> conferences, @Nullable String next) {
    public Page {
      conferences = List.copyOf(conferences);
    }
  }
}
