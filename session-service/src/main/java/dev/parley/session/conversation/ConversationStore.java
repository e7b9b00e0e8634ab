package dev.parley.session.conversation;

import dev.parley.common.id.ConferenceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Where conversations are kept. Each method touches one record. Thread-safe; blocks. */
public interface ConversationStore {

  @Nullable Conversation conversation(ConferenceId id);

  /**
   * Stores a conversation if the stored one still has the version that was read (0: if there is
   * none).
   *
   * @return it with its new version, or null if somebody was faster
   */
  @Nullable Conversation write(Conversation conversation);

  /** Removes a conversation; returns false if somebody changed it. */
  boolean remove(Conversation conversation);

  /** Lets a conversation be found by a row; again does no harm. */
  void addRow(Conversation conversation, String row);

  /** Undoes {@link #addRow}; again does no harm. */
  void removeRow(Conversation conversation, String row);

  /** True if there is a conversation of a tenant under a row, as far as that is known. */
  boolean hasRow(String tenant, String row);

  /** Lets a conference be found by somebody who took part; again does no harm. */
  void addVisit(String tenant, String identity, Visit visit);

  /** True if somebody took part. */
  boolean hasVisit(String tenant, String identity, Visit visit);

  /** Forgets some of the conferences somebody took part in; returns how many that were. */
  int removeVisits(String tenant, String identity, int limit);

  /**
   * Forgets who took part in a conference, a bounded number of people at a time.
   *
   * @return false if there are more
   */
  boolean removeVisits(ConferenceId conference);

  /** Returns conversations, newest first. */
  Page<Conversation> list(Selection selection, int limit, @Nullable String cursor);

  /** Returns conversations that are due, oldest first, of the shards that must be looked at. */
  List<Conversation> due(Instant now, int limit, IntPredicate isOurs);

  /** Has a conversation's shard looked at again soon: it was due, and its work failed. */
  void again(Conversation conversation);

  /**
   * A conference that somebody took part in.
   *
   * @param createdAt the conference's
   */
  record Visit(ConferenceId conference, Instant createdAt) {}

  /**
   * Which conversations of a tenant.
   *
   * @param identity only those that this person took part in, or null
   * @param channel only those in this channel, or null
   * @param category only those in this category, or null
   * @param tags only those that have all of these
   */
  record Selection(
      String tenant,
      @Nullable String identity,
      @Nullable String channel,
      @Nullable String category,
      Map<String, String> tags) {
    public Selection {
      tags = Map.copyOf(tags);
    }

    /**
     * True if a conversation is one of them, unless a person is asked for who did not take part.
     */
    public boolean includes(Conversation conversation) {
      return conversation.tenant().equals(tenant)
          && (channel == null || channel.equals(conversation.filing().channel()))
          && (category == null || conversation.filing().categories().contains(category))
          && conversation.label().tags().entrySet().containsAll(tags.entrySet());
    }

    /** Does not show who, nor tags. */
    @Override
    public String toString() {
      return "Selection[" + channel + ", " + category + ", " + tags.size() + " tags]";
    }
  }
}
