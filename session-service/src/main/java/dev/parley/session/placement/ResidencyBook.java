package dev.parley.session.placement;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** All residency policies of a tenant as they were at one moment. Immutable. */
public final class ResidencyBook {
  private final SortedMap<String, ResidencyPolicy> byName = new TreeMap<>();

  /** Takes all policies that the tenant has. */
  public ResidencyBook(List<ResidencyPolicy> policies) {
    policies.forEach(policy -> byName.put(policy.name(), policy));
  }

  /** Returns true if there is a policy of that name. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * Returns what holds for something that names these policies: all of them, and the tenant's
   * defaults. One that is gone permits nothing, for forgetting a rule is no way round it.
   */
  public Residency of(Collection<String> named) {
    Residency residency = Residency.ANYWHERE;
    for (ResidencyPolicy policy : byName.values()) {
      if (policy.isDefault() || named.contains(policy.name())) {
        residency = residency.and(policy);
      }
    }
    for (String name : new TreeSet<>(named)) {
      if (!byName.containsKey(name)) {
        residency = residency.andUnknown(name);
      }
    }
    return residency;
  }
}
