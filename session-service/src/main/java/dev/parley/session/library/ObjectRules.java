package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.RetentionRule;
import dev.parley.session.library.ObjectRetention.Source;
import dev.parley.session.placement.Residency;
import dev.parley.session.placement.ResidencyBook;
import dev.parley.session.placement.ResidencyPolicies;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges where objects may be, how long they are kept, and whether they may be erased, by what is
 * said now: residency policies of their tenant, their channel, their conference and their own, all
 * of them; days of retention by the nearest of these; holds of their channel and their
 * conversation, any of them. Thread-safe; blocks on the store.
 */
public final class ObjectRules {
  private final ResidencyPolicies policies;
  private final ChannelRules channels;
  private final ConversationHolds holds;
  private final Function<String, RetentionRule> tenants;

  /**
   * Takes what it needs.
   *
   * @param tenants says how long what a tenant has is kept, where nothing nearer says so
   */
  public ObjectRules(
      ResidencyPolicies policies,
      ChannelRules channels,
      ConversationHolds holds,
      Function<String, RetentionRule> tenants) {
    this.policies = policies;
    this.channels = channels;
    this.holds = holds;
    this.tenants = tenants;
  }

  /** Rules where there are no channels, and nothing is held or too old. */
  public ObjectRules(ResidencyPolicies policies) {
    this(policies, ChannelRules.NONE, _ -> false, _ -> RetentionRule.NONE);
  }

  /** Returns a judge for one request about a tenant's objects, who reads each rule once. */
  public Judge judge(String tenant) {
    return new Judge(policies.book(tenant), channels, () -> tenants.apply(tenant));
  }

  /** Returns a judge of the same rules who is asked for days only. */
  Judge judgeOfDays(String tenant) {
    return new Judge(new ResidencyBook(List.of()), channels, () -> tenants.apply(tenant));
  }

  /** True if the object's channel or conversation is on legal hold. */
  boolean isHeld(LibraryObject object) {
    String channel = object.place().channel();
    ConferenceId conference = object.place().conference();
    return (channel != null && channels.isHeld(channel))
        || (conference != null && holds.isHeld(conference));
  }

  /** Judges by the rules of one moment. One thread. */
  public static final class Judge {
    private final ResidencyBook book;
    private final ChannelRules channels;
    private final Supplier<RetentionRule> tenant;
    private final Map<String, Optional<String>> ofChannels = new HashMap<>();
    private final Map<String, RetentionRule> retentionOfChannels = new HashMap<>();
    private @Nullable RetentionRule retentionOfTenant;

    private Judge(ResidencyBook book, ChannelRules channels, Supplier<RetentionRule> tenant) {
      this.book = book;
      this.channels = channels;
      this.tenant = tenant;
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

    /** Returns for how long an object is kept; null if nobody says so. */
    public @Nullable ObjectRetention retention(LibraryObject object) {
      LibraryObject.Keeping keeping = object.keeping();
      ObjectRetention nearest = said(keeping.ownDays(), Source.OBJECT);
      nearest = nearest == null ? said(keeping.callDays(), Source.CONFERENCE) : nearest;
      ObjectKind kind = object.content().kind();
      if (nearest != null || kind.isAnothers()) {
        return nearest;
      }
      String channel = object.place().channel();
      if (channel != null) {
        RetentionRule rule = retentionOfChannels.computeIfAbsent(channel, channels::retentionOf);
        nearest = said(ObjectRetention.days(rule, kind), Source.CHANNEL);
      }
      return nearest == null
          ? said(ObjectRetention.days(ofTenant(), kind), Source.TENANT)
          : nearest;
    }

    /** Returns when an object has been kept long enough; null if that is never so. */
    @Nullable Instant expiry(LibraryObject object) {
      ObjectRetention retention = retention(object);
      return retention == null ? null : retention.until(object);
    }

    /** Returns it with the time to look whether it has been kept long enough. */
    LibraryObject dated(LibraryObject object) {
      return object.withProgress(object.progress().lookAt(expiry(object)));
    }

    private RetentionRule ofTenant() {
      RetentionRule rule = retentionOfTenant == null ? tenant.get() : retentionOfTenant;
      retentionOfTenant = rule;
      return rule;
    }

    private static @Nullable ObjectRetention said(@Nullable Integer days, Source by) {
      return days == null ? null : new ObjectRetention(days, by);
    }
  }
}
