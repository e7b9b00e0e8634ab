package dev.parley.session.store;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Message;
import dev.parley.session.message.MessageStore;
import dev.parley.session.message.SendClaim;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages as items of the table {@code library}.
 *
 * <pre>
 * partition    sort        what
 * V#conference M#sequence  one message
 * V#conference K#sendKey   where a message with a sender's own name for it belongs
 * </pre>
 */
public final class MessageItems implements MessageStore {
  private static final String MESSAGE = "M#";
  private static final String AFTER_MESSAGES = "M$";

  private static final int REMOVED_AT_ONCE_MAX = 500;

  private final ItemStore items;

  public MessageItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable Message add(ConferenceId conference, Message message) {
    ItemKey key = new ItemKey(partition(conference), MESSAGE + number(message.sequence()));
    WriteResult result = items.create(new Item(key, 1, Map.of(), ItemJson.write(message)));
    return switch (result) {
      case WriteResult.Written _ -> null;
      case WriteResult.Conflict(var current) -> {
        if (current == null) {
          throw new IllegalStateException(
              "messages are removed only when nobody writes any more: " + key);
        }
        yield ItemJson.read(current, Message.class);
      }
    };
  }

  @Override
  public void replace(ConferenceId conference, Message message) {
    ItemKey key = new ItemKey(partition(conference), MESSAGE + number(message.sequence()));
    for (Item item = items.get(key); item != null; item = items.get(key)) {
      Item next = new Item(key, item.version() + 1, Map.of(), ItemJson.write(message));
      if (items.replace(next) instanceof WriteResult.Written) {
        return;
      }
    }
  }

  @Override
  public void removeClaim(ConferenceId conference, String sendKey) {
    ItemKey key = claimKey(conference, sendKey);
    for (Item item = items.get(key); item != null; item = items.get(key)) {
      if (items.delete(key, item.version()) instanceof WriteResult.Written) {
        return;
      }
    }
  }

  @Override
  public boolean forget(ConferenceId conference) {
    ItemPage page = items.query(ItemRange.all(partition(conference), REMOVED_AT_ONCE_MAX));
    for (Item item : page.items()) {
      // A conflict says that somebody else removes it.
      items.delete(item.key(), item.version());
    }
    return page.next() == null;
  }

  @Override
  public long lastSequence(ConferenceId conference) {
    List<Message> newest = list(conference, new Wish(0, Long.MAX_VALUE, true, 1));
    return newest.isEmpty() ? 0 : newest.getFirst().sequence();
  }

  @Override
  public List<Message> list(ConferenceId conference, Wish wish) {
    String from = MESSAGE + number(wish.above() + 1);
    String to = wish.below() == Long.MAX_VALUE ? AFTER_MESSAGES : MESSAGE + number(wish.below());
    ItemRange range =
        new ItemRange(partition(conference), from, to, wish.isNewestFirst(), wish.limit(), null);
    return items.query(range).items().stream()
        .map(item -> ItemJson.read(item, Message.class))
        .toList();
  }

  @Override
  public @Nullable SendClaim claim(ConferenceId conference, String sendKey) {
    Item item = items.get(claimKey(conference, sendKey));
    if (item == null) {
      return null;
    }
    SendClaim claim = ItemJson.read(item, SendClaim.class);
    return new SendClaim(claim.sequence(), claim.textHash(), item.version());
  }

  @Override
  public @Nullable SendClaim write(ConferenceId conference, String sendKey, SendClaim claim) {
    SendClaim next = new SendClaim(claim.sequence(), claim.textHash(), claim.version() + 1);
    Item item =
        new Item(claimKey(conference, sendKey), next.version(), Map.of(), ItemJson.write(next));
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written ? next : null;
  }

  private static ItemKey claimKey(ConferenceId conference, String sendKey) {
    return new ItemKey(partition(conference), "K#" + sendKey);
  }

  private static String partition(ConferenceId conference) {
    return "V#" + conference;
  }

  private static String number(long sequence) {
    return KeyText.number(sequence);
  }
}
