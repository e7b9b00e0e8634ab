package dev.parley.session.placement;

import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules of tenants for where media and objects may be. A conference's media keeps to what its
 * policies said when it was made; objects to what theirs say now. Thread-safe; blocks on the store.
 */
public final class ResidencyPolicies {
  /** Most policies that a tenant may have. */
  public static final int POLICIES_MAX = 100;

  private static final int ATTEMPTS_MAX = 5;

  private final ResidencyPolicyStore store;
  private final Clock clock;
  private final SortedSet<String> libraries;

  /**
   * Takes what it needs.
   *
   * @param libraries the regions that have one; none if there is only the primary's, without a name
   */
  public ResidencyPolicies(ResidencyPolicyStore store, Clock clock, SortedSet<String> libraries) {
    this.store = store;
    this.clock = clock;
    this.libraries = Collections.unmodifiableSortedSet(new TreeSet<>(libraries));
  }

  /** Where only the primary region has a library. */
  public ResidencyPolicies(ResidencyPolicyStore store, Clock clock) {
    this(store, clock, Collections.emptySortedSet());
  }

  /** What came of a change. */
  public sealed interface Outcome {
    /** It is so now. */
    record Done(ResidencyPolicy policy, boolean isNew) implements Outcome {}

    /** There is one, and the sender did not say that it knows it. */
    record VersionMissing(ResidencyPolicy current) implements Outcome {}

    /** It is not the version that the sender saw; 0 if there is none. */
    record VersionMismatch(long current) implements Outcome {}

    /** No library of ours is in the region that it names for metadata. */
    record NoLibrary(String region, SortedSet<String> possible) implements Outcome {}

    /** The tenant has as many as it may. */
    record TooMany() implements Outcome {}
  }

  /** Returns a policy, or null if there is none of that name. */
  public @Nullable ResidencyPolicy find(String tenant, String name) {
    return store.residencyPolicy(tenant, name);
  }

  /** Returns all policies of a tenant as they are now. */
  public ResidencyBook book(String tenant) {
    return new ResidencyBook(store.residencyPolicies(tenant));
  }

  /** Returns every region besides the primary in whose library a tenant may have anything. */
  public SortedSet<String> metadataRegions(String tenant) {
    return libraries.isEmpty() ? Collections.emptySortedSet() : store.metadataRegions(tenant);
  }

  /** Returns a tenant's policies in the order of their names. */
  public List<ResidencyPolicy> list(String tenant) {
    return store.residencyPolicies(tenant).stream()
        .sorted(Comparator.comparing(ResidencyPolicy::name))
        .toList();
  }

  /**
   * Makes a policy, or changes it. Saying again what it says already is done, whatever the version.
   *
   * @param expectedVersion the version that the sender saw, or null
   */
  public Outcome put(
      String tenant, String name, ResidencyPolicy.Rule rule, @Nullable Long expectedVersion) {
    String library = rule.metadataRegion();
    if (library != null && !libraries.contains(library)) {
      return new Outcome.NoLibrary(library, libraries);
    }
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      ResidencyPolicy current = store.residencyPolicy(tenant, name);
      if (current != null && current.rule().equals(rule)) {
        return new Outcome.Done(current, false);
      }
      long version = current == null ? 0 : current.version();
      if (expectedVersion != null && expectedVersion != version) {
        return new Outcome.VersionMismatch(version);
      }
      if (current != null && expectedVersion == null) {
        return new Outcome.VersionMissing(current);
      }
      if (current == null && store.residencyPolicies(tenant).size() >= POLICIES_MAX) {
        return new Outcome.TooMany();
      }
      if (library != null) {
        // First: whoever goes by the policy is to be found by everybody who lists.
        store.addMetadataRegion(tenant, library);
      }
      Instant now = clock.instant();
      ResidencyPolicy written =
          store.write(
              new ResidencyPolicy(
                  tenant,
                  name,
                  rule.allowedRegions(),
                  rule.isDefault(),
                  rule.isReadInside(),
                  library,
                  now,
                  version));
      if (written != null) {
        return new Outcome.Done(written, current == null);
      }
    }
    ResidencyPolicy faster = store.residencyPolicy(tenant, name);
    return new Outcome.VersionMismatch(faster == null ? 0 : faster.version());
  }

  /**
   * Forgets a policy. Conferences that were made under it keep to it; objects that name it may be
   * nowhere until there is one of that name again.
   *
   * @return false if there is none
   */
  public boolean remove(String tenant, String name) {
    for (ResidencyPolicy current = store.residencyPolicy(tenant, name);
        current != null;
        current = store.residencyPolicy(tenant, name)) {
      if (store.remove(current)) {
        return true;
      }
    }
    return false;
  }
}
