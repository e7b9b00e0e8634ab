package dev.parley.session.access;

import org.jspecify.annotations.Nullable;

/** Where server keys are kept. Thread-safe; blocks. */
public interface ApiKeyStore {
  @Nullable ApiKey apiKey(String keyId);

  /** Keeps a new key; returns false if the id is taken. */
  boolean addApiKey(ApiKey key);

  /** Returns any one key that has not been revoked, or null if there is none. */
  @Nullable ApiKey anyApiKey();
}
