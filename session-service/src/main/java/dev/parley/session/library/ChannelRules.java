package dev.parley.session.library;

import dev.parley.session.conference.RetentionRule;
import org.jspecify.annotations.Nullable;

/**
 * What channels say of the objects in them; deleted ones still do. Thread-safe; blocks on the
 * store.
 */
public interface ChannelRules {
  /** There are no channels. */
  ChannelRules NONE =
      new ChannelRules() {
        @Override
        public @Nullable String residencyOf(String channel) {
          return null;
        }

        @Override
        public RetentionRule retentionOf(String channel) {
          return RetentionRule.NONE;
        }

        @Override
        public boolean isHeld(String channel) {
          return false;
        }
      };

  /** Returns the name of the residency policy that holds for all in a channel, or null. */
  @Nullable String residencyOf(String channel);

  /** Returns how long what is in a channel is kept, where nothing nearer says so. */
  RetentionRule retentionOf(String channel);

  /** Returns true if nothing in a channel may be erased for now. */
  boolean isHeld(String channel);
}
