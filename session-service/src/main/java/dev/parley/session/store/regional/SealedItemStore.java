package dev.parley.session.store.regional;

import dev.parley.common.id.MetadataRegion;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.SealedBody;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Any item store, in which the bodies of what belongs to a call are encrypted (AES-GCM) if the
 * names of the call belong to another region's library: the key is there. What tells where a call
 * runs and what is due is not, so that the service goes on with both while that library is away.
 * Thread-safe.
 */
public final class SealedItemStore implements ItemStore {
  /** Where a call runs, and how far its webhooks have come: nobody is named there. */
  private static final Set<String> OPEN = Set.of("ALLOC", "LANE");

  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final ItemStore store;
  private final LibraryKeys keys;

  public SealedItemStore(ItemStore store, LibraryKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    Item item = store.get(key);
    return item == null ? null : opened(item);
  }

  @Override
  public WriteResult create(Item item) {
    return opened(store.create(sealed(item)));
  }

  @Override
  public WriteResult replace(Item item) {
    return opened(store.replace(sealed(item)));
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return opened(store.delete(key, version));
  }

  @Override
  public ItemPage query(ItemRange range) {
    return opened(store.query(range));
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    return opened(store.queryIndex(index, range));
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    return opened(store.scan(limit, after));
  }

  private ItemPage opened(ItemPage page) {
    return new ItemPage(page.items().stream().map(this::opened).toList(), page.next());
  }

  private WriteResult opened(WriteResult result) {
    return result instanceof WriteResult.Conflict(Item current) && current != null
        ? new WriteResult.Conflict(opened(current))
        : result;
  }

  /**
   * Returns an item as it was before it was sealed; as it is, if its key is away: whoever needs its
   * body is told so then, and others go on.
   */
  private Item opened(Item item) {
    String sealed = SealedBody.sealed(item.body());
    String region = sealed == null ? null : regionOf(item.key());
    if (sealed == null || region == null) {
      return item;
    }
    byte[] key;
    try {
      key = keys.key(region);
    } catch (StoreUnavailableException _) {
      return item;
    }
    byte[] all = Base64.getDecoder().decode(sealed);
    try {
      byte[] nonce = Arrays.copyOf(all, NONCE_LENGTH);
      byte[] body =
          cipher(Cipher.DECRYPT_MODE, key, item.key(), nonce)
              .doFinal(all, NONCE_LENGTH, all.length - NONCE_LENGTH);
      return with(item, new String(body, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the item " + item.key() + " was not sealed by us", e);
    }
  }

  private Item sealed(Item item) {
    String region = regionOf(item.key());
    if (region == null) {
      return item;
    }
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    try {
      byte[] body =
          cipher(Cipher.ENCRYPT_MODE, keys.key(region), item.key(), nonce)
              .doFinal(item.body().getBytes(StandardCharsets.UTF_8));
      byte[] all = ByteBuffer.allocate(NONCE_LENGTH + body.length).put(nonce).put(body).array();
      return with(item, SealedBody.of(Base64.getEncoder().withoutPadding().encodeToString(all)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  private static Item with(Item item, String body) {
    return new Item(item.key(), item.version(), item.indexes(), body);
  }

  private @Nullable String regionOf(ItemKey key) {
    if (OPEN.contains(key.sort())) {
      return null;
    }
    // The partitions of calls, in both tables, end with the conference's id.
    String partition = key.partition();
    boolean isOfCall = partition.startsWith("C#") || partition.startsWith("W#");
    String last = partition.substring(partition.lastIndexOf('#') + 1);
    String region = isOfCall && last.startsWith("cf_") ? MetadataRegion.of(last) : null;
    return region != null && keys.isElsewhere(region) ? region : null;
  }

  /**
   * A key of its own for each item: one for all would run out of random nonces, and what stands in
   * one place cannot be read as if it stood in another.
   */
  private static Cipher cipher(int mode, byte[] regionKey, ItemKey place, byte[] nonce)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(regionKey, "HmacSHA256"));
    String text = place.partition() + '\0' + place.sort();
    byte[] key = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
