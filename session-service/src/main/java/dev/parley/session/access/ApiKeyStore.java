package dev.parley.session.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where server keys are kept. Thread-safe; blocks. */
public interface ApiKeyStore {
  @Nullable ApiKey apiKey(String keyId);

  /** Keeps a new key; returns false if the id is taken. */
  boolean addApiKey(ApiKey key);

  /**
   * Revokes a key for good; one that was revoked before stays as it is.
   *
   * @return the key as it is now, or null if there is none
   */
  @Nullable ApiKey revokeApiKey(String keyId, Instant at);

  /**
   * Returns some keys, revoked ones too, in no order that means anything.
   *
   * @param cursor the {@link Page#next} of the page before, or null
   */
  Page apiKeys(int limit, @Nullable String cursor);

  /**
   * Returns any one key that has not been revoked, or null if there is none.
   *
   * @param tenant whose, or null for anybody's
   */
  @Nullable ApiKey anyApiKey(@Nullable String tenant);

  /**
   * Some keys.
   *
   * @param next for the next page, or null if this is the last
   */
  record Page(List<ApiKey> keys, @Nullable String next) {
    public Page {
      keys = List.copyOf(keys);
    }
  }
}
