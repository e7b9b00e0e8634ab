package dev.parley.session.audit;

import org.jspecify.annotations.Nullable;

/** Walks along one chain and finds where it was altered. One thread. */
public final class AuditVerification {
  private final AuditChain chain;
  private long links;
  private long entries;
  private String head = AuditLink.NONE;
  private @Nullable String fault;

  public AuditVerification(AuditChain chain) {
    this.chain = chain;
  }

  /** Looks at the next link; what comes after a broken one is of no worth and not looked at. */
  public void add(AuditLink link) {
    if (fault != null) {
      return;
    }
    if (!link.chain().equals(chain) || link.number() != links + 1) {
      fault = "link " + (links + 1) + ": missing; link " + link.number() + " comes instead";
    } else if (!link.previous().equals(head)) {
      fault = "link " + link.number() + ": does not follow from the one before";
    } else if (!link.isWhole()) {
      fault = "link " + link.number() + ": its hash does not fit its entries";
    } else {
      links++;
      entries += link.entries().size();
      head = link.hash();
    }
  }

  /** Returns where the chain breaks first and how, or null if it does not. */
  public @Nullable String fault() {
    return fault;
  }

  /** How many links are whole. */
  public long linkCount() {
    return links;
  }

  /** How many entries are in them. */
  public long entryCount() {
    return entries;
  }

  /** The hash of the last of them: whoever noted it can tell whether the end was cut off. */
  public String head() {
    return head;
  }
}
