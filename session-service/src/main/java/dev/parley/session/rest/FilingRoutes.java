package dev.parley.session.rest;

import io.javalin.config.RoutesConfig;

/** What calls are sorted by that are over, and what is left of them. Thread-safe. */
final class FilingRoutes {
  private final ChannelRoutes channels;
  private final CategoryRoutes categories;
  private final ConversationRoutes conversations;

  FilingRoutes(
      RestApi.Domain domain,
      LinkSigning links,
      MessagePages pages,
      Gate gate,
      Quotas quotas,
      Cursors cursors) {
    RestApi.People people = domain.people();
    RestApi.Filing filing = people.filing();
    channels =
        new ChannelRoutes(filing.channels(), domain.geography().policies(), gate, quotas, cursors);
    categories = new CategoryRoutes(filing.categories(), filing.channels(), gate, quotas);
    conversations =
        new ConversationRoutes(
            filing,
            new ConversationRoutes.Content(
                people.messages(), pages, people.recordings(), people.files().library(), links),
            gate,
            quotas,
            cursors);
  }

  void register(RoutesConfig routes) {
    channels.register(routes);
    categories.register(routes);
    conversations.register(routes);
  }
}
