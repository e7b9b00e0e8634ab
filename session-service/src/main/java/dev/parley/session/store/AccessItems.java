package dev.parley.session.store;

import dev.parley.session.access.ApiKey;
import dev.parley.session.access.ApiKeyStore;
import dev.parley.session.access.RandomText;
import dev.parley.session.access.ServiceSecret;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Server keys and the service's own secret, as items of the table {@code ops}. */
public final class AccessItems implements ApiKeyStore {
  /** The indexes that the table must declare. */
  public static final Set<String> INDEXES = Set.of();

  private static final String KEYS = "KEYS";
  private static final ItemKey SECRET = new ItemKey("SERVICE", "SECRET");
  private static final int PAGE_SIZE = 100;
  private static final int REVOKE_ATTEMPTS_MAX = 5;

  private final ItemStore items;

  public AccessItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable ApiKey apiKey(String keyId) {
    // The id comes from outside, and not all text fits a key.
    Item item = items.get(new ItemKey(KEYS, KeyText.hash(keyId)));
    return item == null ? null : ItemJson.read(item, ApiKey.class);
  }

  @Override
  public boolean addApiKey(ApiKey key) {
    ItemKey place = new ItemKey(KEYS, KeyText.hash(key.keyId()));
    return items.create(new Item(place, 1, Map.of(), ItemJson.write(key)))
        instanceof WriteResult.Written;
  }

  @Override
  public @Nullable ApiKey revokeApiKey(String keyId, Instant at) {
    ItemKey place = new ItemKey(KEYS, KeyText.hash(keyId));
    for (int attempt = 0; attempt < REVOKE_ATTEMPTS_MAX; attempt++) {
      Item item = items.get(place);
      ApiKey key = item == null ? null : ItemJson.read(item, ApiKey.class);
      if (item == null || key == null || key.revokedAt() != null) {
        return key;
      }
      ApiKey revoked = key.revoked(at);
      Item next = new Item(place, item.version() + 1, Map.of(), ItemJson.write(revoked));
      if (items.replace(next) instanceof WriteResult.Written) {
        return revoked;
      }
    }
    throw new IllegalStateException("a server key keeps changing, which nothing but this does");
  }

  @Override
  public Page apiKeys(int limit, @Nullable String cursor) {
    ItemKey after = cursor == null ? null : new ItemKey(KEYS, cursor);
    ItemPage page = items.query(ItemRange.all(KEYS, limit).after(after));
    return new Page(
        page.items().stream().map(item -> ItemJson.read(item, ApiKey.class)).toList(),
        page.next() == null ? null : page.next().sort());
  }

  @Override
  public @Nullable ApiKey anyApiKey(@Nullable String tenant) {
    ItemRange range = ItemRange.all(KEYS, PAGE_SIZE);
    while (true) {
      ItemPage page = items.query(range);
      for (Item item : page.items()) {
        ApiKey key = ItemJson.read(item, ApiKey.class);
        if (key.revokedAt() == null && (tenant == null || key.tenant().equals(tenant))) {
          return key;
        }
      }
      if (page.next() == null) {
        return null;
      }
      range = range.after(page.next());
    }
  }

  /** Returns the service's secret, making it at the first start. */
  public ServiceSecret serviceSecret() {
    Item item = items.get(SECRET);
    if (item == null) {
      String drawn = RandomText.base64(ServiceSecret.LENGTH);
      items.create(new Item(SECRET, 1, Map.of(), ItemJson.write(new Secret(drawn))));
      // Another node may have been faster; what is stored is what counts.
      item = items.get(SECRET);
    }
    if (item == null) {
      throw new IllegalStateException("the service secret was not stored");
    }
    return new ServiceSecret(
        Base64.getUrlDecoder().decode(ItemJson.read(item, Secret.class).secret()));
  }

  /** The secret in base64url. */
  record Secret(String secret) {
    @Override
    public String toString() {
      return "Secret[not shown]";
    }
  }
}
