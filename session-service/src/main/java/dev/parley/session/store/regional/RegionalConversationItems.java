package dev.parley.session.store.regional;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conversation.Conversation;
import dev.parley.session.conversation.ConversationStore;
import dev.parley.session.conversation.Page;
import dev.parley.session.store.ConversationItems;
import java.time.Instant;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Conversations, each in the library that its conference's id names, in one list for their tenant.
 * Thread-safe.
 */
public final class RegionalConversationItems implements ConversationStore {
  private final Libraries<ConversationItems> libraries;

  public RegionalConversationItems(Libraries<ConversationItems> libraries) {
    this.libraries = libraries;
  }

  @Override
  public @Nullable Conversation conversation(ConferenceId id) {
    return of(id).conversation(id);
  }

  @Override
  public @Nullable Conversation write(Conversation conversation) {
    return of(conversation.conference()).write(conversation);
  }

  @Override
  public boolean remove(Conversation conversation) {
    return of(conversation.conference()).remove(conversation);
  }

  @Override
  public void addRow(Conversation conversation, String row) {
    of(conversation.conference()).addRow(conversation, row);
  }

  @Override
  public void removeRow(Conversation conversation, String row) {
    of(conversation.conference()).removeRow(conversation, row);
  }

  @Override
  public boolean hasRow(String tenant, String row) {
    return libraries.ofTenant(tenant).stream().anyMatch(items -> items.hasRow(tenant, row));
  }

  @Override
  public void addVisit(String tenant, String identity, Visit visit) {
    of(visit.conference()).addVisit(tenant, identity, visit);
  }

  @Override
  public boolean hasVisit(String tenant, String identity, Visit visit) {
    return of(visit.conference()).hasVisit(tenant, identity, visit);
  }

  @Override
  public int removeVisits(String tenant, String identity, int limit) {
    int removed = 0;
    for (ConversationItems items : libraries.ofTenant(tenant)) {
      removed += removed < limit ? items.removeVisits(tenant, identity, limit - removed) : 0;
    }
    return removed;
  }

  @Override
  public boolean removeVisits(ConferenceId conference) {
    return of(conference).removeVisits(conference);
  }

  @Override
  public Page<Conversation> list(Selection selection, int limit, @Nullable String cursor) {
    List<ListPart<Conversation>> parts =
        libraries.ofTenant(selection.tenant()).stream()
            .map(items -> items.list(selection, limit, cursor))
            .map(page -> new ListPart<>(page.entries(), page.next()))
            .toList();
    ListPart<Conversation> all = ListPart.merged(parts, limit, ConversationItems::place);
    return new Page<>(all.entries(), all.next());
  }

  @Override
  public List<Conversation> due(Instant now, int limit, IntPredicate isOurs) {
    return libraries.due(items -> items.due(now, limit, isOurs));
  }

  @Override
  public void again(Conversation conversation) {
    of(conversation.conference()).again(conversation);
  }

  private ConversationItems of(ConferenceId conference) {
    return libraries.of(conference.value());
  }
}
