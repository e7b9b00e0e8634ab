package dev.parley.media.srtp;

import java.util.Arrays;

/**
 * Master key and master salt of one direction (RFC 3711 §3.2.1). Immutable; its text never shows
 * the key.
 */
public final class SrtpMasterKey {
  private final byte[] key;
  private final byte[] salt;

  /** Copies both arrays. */
  public SrtpMasterKey(byte[] key, byte[] salt) {
    this.key = key.clone();
    this.salt = salt.clone();
  }

  static SrtpMasterKey copyOf(
      byte[] source, int keyOffset, int keyLength, int saltOffset, int saltLength) {
    return new SrtpMasterKey(
        Arrays.copyOfRange(source, keyOffset, keyOffset + keyLength),
        Arrays.copyOfRange(source, saltOffset, saltOffset + saltLength));
  }

  void requireFits(SrtpProfile profile) {
    if (key.length != SrtpProfile.MASTER_KEY_LENGTH || salt.length != profile.masterSaltLength()) {
      throw new IllegalArgumentException(
          profile
              + " wants a key of "
              + SrtpProfile.MASTER_KEY_LENGTH
              + " and a salt of "
              + profile.masterSaltLength()
              + " bytes, not "
              + key.length
              + " and "
              + salt.length);
    }
  }

  /** The array itself: jitsi-srtp derives session keys from it and keeps none of it. */
  byte[] key() {
    return key;
  }

  byte[] salt() {
    return salt;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SrtpMasterKey that
        && Arrays.equals(key, that.key)
        && Arrays.equals(salt, that.salt);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(salt);
  }

  @Override
  public String toString() {
    return "SrtpMasterKey[" + key.length + "+" + salt.length + " bytes]";
  }
}
