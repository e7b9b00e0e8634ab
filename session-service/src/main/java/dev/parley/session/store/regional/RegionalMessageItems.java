package dev.parley.session.store.regional;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Message;
import dev.parley.session.message.MessageStore;
import dev.parley.session.message.SendClaim;
import dev.parley.session.store.MessageItems;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages, each in the library that its conference's id names. Thread-safe. */
public final class RegionalMessageItems implements MessageStore {
  private final Libraries<MessageItems> libraries;

  public RegionalMessageItems(Libraries<MessageItems> libraries) {
    this.libraries = libraries;
  }

  @Override
  public @Nullable Message add(ConferenceId conference, Message message) {
    return of(conference).add(conference, message);
  }

  @Override
  public void replace(ConferenceId conference, Message message) {
    of(conference).replace(conference, message);
  }

  @Override
  public void removeClaim(ConferenceId conference, String sendKey) {
    of(conference).removeClaim(conference, sendKey);
  }

  @Override
  public boolean forget(ConferenceId conference) {
    return of(conference).forget(conference);
  }

  @Override
  public long lastSequence(ConferenceId conference) {
    return of(conference).lastSequence(conference);
  }

  @Override
  public List<Message> list(ConferenceId conference, Wish wish) {
    return of(conference).list(conference, wish);
  }

  @Override
  public @Nullable SendClaim claim(ConferenceId conference, String sendKey) {
    return of(conference).claim(conference, sendKey);
  }

  @Override
  public @Nullable SendClaim write(ConferenceId conference, String sendKey, SendClaim claim) {
    return of(conference).write(conference, sendKey, claim);
  }

  private MessageItems of(ConferenceId conference) {
    return libraries.of(conference.value());
  }
}
