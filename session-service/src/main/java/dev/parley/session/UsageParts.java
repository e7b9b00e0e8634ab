package dev.parley.session;

import dev.parley.session.message.Messages;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.UsageItems;
import dev.parley.session.usage.UsageReports;
import dev.parley.session.usage.UsageRollups;
import java.time.Clock;

/** What counts usage, and what answers for it. */
record UsageParts(UsageRollups rollups, UsageReports reports) {

  static UsageParts of(ItemStore ops, ConferenceItems conferences, Messages messages, Clock clock) {
    UsageItems items = new UsageItems(ops);
    return new UsageParts(
        new UsageRollups(items, conferences, messages::count), new UsageReports(items, clock));
  }
}
