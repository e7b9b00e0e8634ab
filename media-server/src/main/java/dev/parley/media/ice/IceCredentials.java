package dev.parley.media.ice;

import dev.parley.media.stun.StunKey;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Both user name fragments of one peer and the password that its checks are signed with (RFC 8445
 * section 5.3). Our fragment always has eight characters, so that it fits a long and a peer is
 * found without making a string. Immutable.
 */
public final class IceCredentials {
  /** Characters of a fragment of ours. */
  public static final int LOCAL_FRAGMENT_LENGTH = 8;

  private static final int PASSWORD_LENGTH = 24;
  private static final String ICE_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private final String localFragment;
  private final String localPassword;
  private final StunKey key;
  private final byte[] expectedUsername;

  private IceCredentials(String localFragment, String localPassword, String remoteFragment) {
    if (localFragment.length() != LOCAL_FRAGMENT_LENGTH) {
      throw new IllegalArgumentException("a local fragment has 8 characters: " + localFragment);
    }
    this.localFragment = localFragment;
    this.localPassword = localPassword;
    key = StunKey.ofPassword(localPassword);
    expectedUsername = (localFragment + ":" + remoteFragment).getBytes(StandardCharsets.US_ASCII);
  }

  /** Known credentials. */
  public static IceCredentials of(
      String localFragment, String localPassword, String remoteFragment) {
    return new IceCredentials(localFragment, localPassword, remoteFragment);
  }

  /**
   * New credentials for a peer whose offer had the remote fragment: 48 random bits of fragment, 144
   * of password, six a character.
   *
   * @param random must be cryptographically strong
   */
  public static IceCredentials generate(String remoteFragment, RandomGenerator random) {
    return new IceCredentials(
        iceChars(LOCAL_FRAGMENT_LENGTH, random), iceChars(PASSWORD_LENGTH, random), remoteFragment);
  }

  private static String iceChars(int count, RandomGenerator random) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
    }
    return text.toString();
  }

  /** What the answer says in {@code a=ice-ufrag}. */
  public String localFragment() {
    return localFragment;
  }

  /** What the answer says in {@code a=ice-pwd}. */
  public String localPassword() {
    return localPassword;
  }

  /** Our fragment as eight bytes in a long, as a request's user name begins with it. */
  public long packedLocalFragment() {
    long packed = 0;
    for (int i = 0; i < LOCAL_FRAGMENT_LENGTH; i++) {
      packed = (packed << 8) | expectedUsername[i];
    }
    return packed;
  }

  /** Signs our answers and checks the peer's requests. */
  public StunKey key() {
    return key;
  }

  int usernameLength() {
    return expectedUsername.length;
  }

  int usernameByte(int index) {
    return expectedUsername[index] & 0xFF;
  }
}
