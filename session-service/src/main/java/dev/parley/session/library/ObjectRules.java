package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.placement.Residency;
import dev.parley.session.placement.ResidencyBook;
import dev.parley.session.placement.ResidencyPolicies;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Judges where objects may be, and whether they may be erased, by what is said now: residency
 * policies of their tenant, their channel, their conference and their own, all of them; holds of
 * their channel and their conversation, any of them. Thread-safe; blocks on the store.
 */
public final class ObjectRules {
  private final ResidencyPolicies policies;
  private final ChannelRules channels;
  private final ConversationHolds holds;

  public ObjectRules(ResidencyPolicies policies, ChannelRules channels, ConversationHolds holds) {
    this.policies = policies;
    this.channels = channels;
    this.holds = holds;
  }

  /** Rules where there are no channels and nothing is held. */
  public ObjectRules(ResidencyPolicies policies) {
    this(policies, ChannelRules.NONE, _ -> false);
  }

  /** Returns a judge for one request about a tenant's objects, who reads each rule once. */
  public Judge judge(String tenant) {
    return new Judge(policies.book(tenant), channels);
  }

  /** True if the object's channel or conversation is on legal hold. */
  boolean isHeld(LibraryObject object) {
    String channel = object.place().channel();
    ConferenceId conference = object.place().conference();
    return (channel != null && channels.isHeld(channel))
        || (conference != null && holds.isHeld(conference));
  }

  /** Judges by the policies of one moment. One thread. */
  public static final class Judge {
    private final ResidencyBook book;
    private final ChannelRules channels;
    private final Map<String, Optional<String>> ofChannels = new HashMap<>();

    private Judge(ResidencyBook book, ChannelRules channels) {
      this.book = book;
      this.channels = channels;
    }

    /** Returns what holds for an object. */
    public Residency of(LibraryObject object) {
      return of(object.place().policies(), object.place().channel());
    }

    /** Returns what holds for an object that is to be. */
    Residency of(PlaceWish wish) {
      return of(wish.policies(), wish.channel());
    }

    private Residency of(SortedSet<String> named, @Nullable String channel) {
      if (channel == null) {
        return book.of(named);
      }
      Set<String> all = new TreeSet<>(named);
      ofChannels
          .computeIfAbsent(channel, id -> Optional.ofNullable(channels.residencyOf(id)))
          .ifPresent(all::add);
      return book.of(all);
    }
  }
}
