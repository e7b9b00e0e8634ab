package dev.parley.session;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.ConferenceTraces;
import dev.parley.session.conversation.Categories;
import dev.parley.session.conversation.Channels;
import dev.parley.session.conversation.Conversation;
import dev.parley.session.conversation.Conversations;
import dev.parley.session.conversation.FilingIds;
import dev.parley.session.library.TenantRetentions;
import dev.parley.session.rest.RestApi;
import dev.parley.session.store.CategoryItems;
import dev.parley.session.store.ChannelItems;
import dev.parley.session.store.ConversationItems;
import dev.parley.session.store.ItemStore;

/** What calls are sorted by that are over. */
final class FilingParts {
  private FilingParts() {}

  /** Builds it on the table of what is left of calls. */
  static RestApi.Filing on(
      ConferenceParts.Ground ground,
      ItemStore items,
      ServiceSecret secret,
      TenantRetentions retentions) {
    FilingIds ids = new FilingIds(secret.derive("filing-id"));
    ConversationItems conversationItems = new ConversationItems(items);
    Channels channels =
        new Channels(new ChannelItems(items), ids, ground.clock(), retentions::rejudge);
    Categories categories =
        new Categories(
            new CategoryItems(items),
            ids,
            ground.clock(),
            (tenant, category) ->
                conversationItems.hasRow(tenant, Conversation.categoryRow(category)));
    return new RestApi.Filing(
        channels,
        categories,
        new Conversations(conversationItems, ground.store(), channels, categories, ground.clock()),
        retentions);
  }

  /**
   * Returns what is kept of conferences that are over: their messages, then where they are filed.
   */
  static ConferenceTraces traces(ConferenceTraces messages, Conversations conversations) {
    return new ConferenceTraces() {
      @Override
      public boolean isHeld(ConferenceId conference) {
        return conversations.isHeld(conference);
      }

      @Override
      public boolean forget(ConferenceId conference) {
        return messages.forget(conference) && conversations.forget(conference);
      }
    };
  }
}
