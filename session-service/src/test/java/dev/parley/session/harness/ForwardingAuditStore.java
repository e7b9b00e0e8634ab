package dev.parley.session.harness;

import dev.parley.session.audit.AuditChain;
import dev.parley.session.audit.AuditLink;
import dev.parley.session.audit.AuditStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does what another does; who wants something else overrides it. */
public class ForwardingAuditStore implements AuditStore {
  private final AuditStore store;

  public ForwardingAuditStore(AuditStore store) {
    this.store = store;
  }

  @Override
  public Appended append(AuditLink link) {
    return store.append(link);
  }

  @Override
  public @Nullable AuditLink last(AuditChain chain) {
    return store.last(chain);
  }

  @Override
  public List<AuditLink> links(AuditChain chain, long after, int limit) {
    return store.links(chain, after, limit);
  }

  @Override
  public int remove(AuditChain chain, int limit) {
    return store.remove(chain, limit);
  }
}
