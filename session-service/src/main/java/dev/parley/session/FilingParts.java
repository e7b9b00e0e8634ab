package dev.parley.session;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.ConferenceTraces;
import dev.parley.session.conversation.Categories;
import dev.parley.session.conversation.Channels;
import dev.parley.session.conversation.Conversation;
import dev.parley.session.conversation.ConversationStore;
import dev.parley.session.conversation.Conversations;
import dev.parley.session.conversation.FilingIds;
import dev.parley.session.library.TenantRetentions;
import dev.parley.session.rest.RestApi;
import dev.parley.session.store.CategoryItems;
import dev.parley.session.store.ChannelItems;
import dev.parley.session.store.ConversationItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.regional.Libraries;
import dev.parley.session.store.regional.RegionalCategoryItems;
import dev.parley.session.store.regional.RegionalChannelItems;
import dev.parley.session.store.regional.RegionalConversationItems;
import java.util.Set;

/** What calls are sorted by that are over. */
final class FilingParts {
  private FilingParts() {}

  /** Builds it on the tables of what is left of calls. */
  static RestApi.Filing on(
      ConferenceParts.Ground ground,
      Libraries<ItemStore> libraries,
      ServiceSecret secret,
      TenantRetentions retentions) {
    FilingIds ids = new FilingIds(secret.derive("filing-id"), ground.policies()::metadataRegions);
    ConversationStore conversationItems =
        new RegionalConversationItems(libraries.map(ConversationItems::new));
    Channels channels =
        new Channels(
            new RegionalChannelItems(libraries.map(ChannelItems::new)),
            ids,
            ground.clock(),
            retentions::rejudge);
    Categories categories =
        new Categories(
            new RegionalCategoryItems(
                libraries.map(CategoryItems::new),
                tenant -> ground.policies().book(tenant).of(Set.of()).metadataRegion()),
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
