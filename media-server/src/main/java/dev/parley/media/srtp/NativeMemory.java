package dev.parley.media.srtp;

import java.util.List;

/**
 * The OpenSSL contexts behind one pair of jitsi-srtp's contexts. Left to the garbage collector, a
 * peer's would outlive it by minutes in a process that hardly collects. Not reached, and so left to
 * the collector after all, are the HMAC context of the counter mode profile and the
 * authentication-only cipher of a GCM receiver, under 1 kB each: jitsi-srtp hides both. Owned by
 * whoever owns the pair.
 */
final class NativeMemory {
  private final List<AutoCloseable> ciphers;

  NativeMemory(List<AutoCloseable> ciphers) {
    this.ciphers = ciphers;
  }

  int cipherCount() {
    return ciphers.size();
  }

  /**
   * Frees them. The contexts that used them must not be used again: the native side does not check.
   */
  void close() {
    for (int i = 0; i < ciphers.size(); i++) {
      try {
        ciphers.get(i).close();
      } catch (Exception e) {
        throw new IllegalStateException("a cipher's close threw", e);
      }
    }
    ciphers.clear();
  }
}
