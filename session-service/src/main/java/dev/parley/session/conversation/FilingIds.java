package dev.parley.session.conversation;

import dev.parley.common.id.MetadataRegion;
import dev.parley.session.conference.MetadataRegions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Makes ids of channels, their members and categories. Thread-safe. */
public final class FilingIds {
  private static final int CHANNEL_BYTES = 12;
  private static final int CATEGORY_BYTES = 6;
  private static final int MEMBER_BYTES = 16;
  private static final Pattern CATEGORY =
      Pattern.compile(
          "ca_(?:([0-9a-f]{"
              + 2 * CHANNEL_BYTES
              + "}(?:\\."
              + MetadataRegion.PATTERN
              + ")?)_)?[0-9a-f]{12}");

  private final SecureRandom random = new SecureRandom();
  private final byte[] key;
  private final MetadataRegions regions;

  /**
   * Takes the key that turns idempotency keys into ids.
   *
   * @param key the same on every node
   * @param regions in whose libraries what is made may be
   */
  public FilingIds(byte[] key, MetadataRegions regions) {
    this.key = key.clone();
    this.regions = regions;
  }

  /** Where there is one library for all. */
  public FilingIds(byte[] key) {
    this(key, MetadataRegions.NONE);
  }

  /**
   * Returns a new channel's id, or for an idempotency key always the same.
   *
   * @param region in whose library its names are; null for the primary's
   */
  String channel(String tenant, @Nullable String idempotencyKey, @Nullable String region) {
    String id = "ch_" + text(CHANNEL_BYTES, "channel\0" + tenant, idempotencyKey);
    return MetadataRegion.mark(id, region);
  }

  /** Returns what a channel's id would be if policies had said something else. */
  List<String> elsewhere(String tenant, String channel) {
    return regions.elsewhere(tenant, channel);
  }

  /**
   * Returns a new category's id, or for an idempotency key always the same. It says in whose tree
   * it is, so that nothing has to be looked up to find it.
   *
   * @param channel whose tree, or null for the tenant's own
   */
  String category(String tenant, @Nullable String channel, @Nullable String idempotencyKey) {
    String tree = channel == null ? "" : channel.substring("ch_".length()) + "_";
    return "ca_" + tree + text(CATEGORY_BYTES, "category\0" + tenant + '\0' + tree, idempotencyKey);
  }

  /** Returns in whose tree a category is: a channel's, or the tenant's own if that is empty. */
  static @Nullable String treeOf(String category) {
    Matcher matcher = CATEGORY.matcher(category);
    if (!matcher.matches()) {
      return null;
    }
    return matcher.group(1) == null ? "" : "ch_" + matcher.group(1);
  }

  /** Returns the id of a channel's member, which each identity has its own of. */
  static String member(String channel, String identity) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha256.digest((channel + '\0' + identity).getBytes(StandardCharsets.UTF_8));
      return "mb_" + HexFormat.of().formatHex(hash, 0, MEMBER_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  private String text(int length, String owner, @Nullable String idempotencyKey) {
    byte[] bytes = new byte[length];
    if (idempotencyKey == null) {
      random.nextBytes(bytes);
    } else {
      bytes = Arrays.copyOf(hmac(owner + '\0' + idempotencyKey), length);
    }
    return HexFormat.of().formatHex(bytes);
  }

  private byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }
}
