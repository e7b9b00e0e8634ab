package dev.parley.session.store;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.MintRecords;
import java.util.Map;

/**
 * Mints as items of the table {@code core}: partition {@code C#conference}, sort key {@code
 * TK#request}, with a hash of the server key's id and the idempotency key.
 */
public final class MintItems implements MintRecords {
  private final ItemStore items;

  public MintItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public Mint keep(ConferenceId conference, String keyId, String idempotencyKey, Mint mint) {
    String request = KeyText.hash(keyId + '\0' + idempotencyKey);
    ItemKey place = new ItemKey("C#" + conference, "TK#" + request);
    Item item = new Item(place, 1, Map.of(), ItemJson.write(mint));
    return switch (items.create(item)) {
      case WriteResult.Written _ -> mint;
      case WriteResult.Conflict(Item before) when before != null ->
          ItemJson.read(before, Mint.class);
      case WriteResult.Conflict _ -> throw new IllegalStateException("mints are never removed");
    };
  }
}
