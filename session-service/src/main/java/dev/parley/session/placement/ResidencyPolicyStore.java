package dev.parley.session.placement;

import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Where residency policies are kept. Thread-safe; blocks. */
public interface ResidencyPolicyStore {
  @Nullable ResidencyPolicy residencyPolicy(String tenant, String name);

  /** Returns all policies of a tenant; the caller keeps them few. */
  List<ResidencyPolicy> residencyPolicies(String tenant);

  /**
   * Keeps a policy if the stored one has its version, or if its version is 0 and there is none.
   *
   * @return it with its new version, or null if somebody else was faster
   */
  @Nullable ResidencyPolicy write(ResidencyPolicy policy);

  /** Returns every region that a policy of the tenant ever named for metadata. */
  SortedSet<String> metadataRegions(String tenant);

  /** Remembers for ever that a policy of the tenant names a region for metadata. */
  void addMetadataRegion(String tenant, String region);

  /** Forgets that version of a policy; returns false if there is another one, or none. */
  boolean remove(ResidencyPolicy policy);
}
