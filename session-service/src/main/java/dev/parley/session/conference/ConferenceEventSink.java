package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;

/**
 * Where conferences tell what happened, for everyone who watches them. Called from any thread; must
 * not block for long and never throws for want of watchers.
 */
public interface ConferenceEventSink {
  void publish(ConferenceId conference, ConferenceEvent event);
}
