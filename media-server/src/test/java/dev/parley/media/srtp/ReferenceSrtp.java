package dev.parley.media.srtp;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SRTP written from the RFCs on the JDK's own ciphers, slow and obvious: what the production
 * classes are compared with. The caller gives every index.
 */
final class ReferenceSrtp {
  static final int RTP_ENCRYPTION = 0;
  static final int RTP_AUTHENTICATION = 1;
  static final int RTP_SALT = 2;
  static final int RTCP_ENCRYPTION = 3;
  static final int RTCP_AUTHENTICATION = 4;
  static final int RTCP_SALT = 5;

  private ReferenceSrtp() {}

  /**
   * RFC 3711 §4.3.1 with a key derivation rate of 0; a salt of 12 bytes is padded at its end (RFC
   * 7714 §11).
   */
  static byte[] derive(byte[] masterKey, byte[] masterSalt, int label, int length)
      throws GeneralSecurityException {
    byte[] x = Arrays.copyOf(masterSalt, 16);
    x[7] ^= (byte) label;
    return counterMode(masterKey, x, new byte[length]);
  }

  static byte[] protectRtp(
      SrtpProfile profile, SrtpMasterKey master, byte[] packet, int headerLength, int rollOver)
      throws GeneralSecurityException {
    byte[] salt = derive(master.key(), master.salt(), RTP_SALT, profile.masterSaltLength());
    byte[] key = derive(master.key(), master.salt(), RTP_ENCRYPTION, 16);
    if (profile == SrtpProfile.AEAD_AES_128_GCM) {
      return gcmRtp(key, salt, packet, headerLength, rollOver);
    }
    byte[] authenticationKey = derive(master.key(), master.salt(), RTP_AUTHENTICATION, 20);
    ByteBuffer iv = ByteBuffer.allocate(16);
    iv.putInt(4, ssrcOfRtp(packet)).putInt(8, rollOver).putShort(12, sequenceNumber(packet));
    byte[] body =
        counterMode(
            key, xor(iv.array(), salt), Arrays.copyOfRange(packet, headerLength, packet.length));
    byte[] encrypted = concatenate(Arrays.copyOf(packet, headerLength), body);
    byte[] tag =
        hmac(
            authenticationKey,
            concatenate(encrypted, ByteBuffer.allocate(4).putInt(rollOver).array()));
    return concatenate(encrypted, Arrays.copyOf(tag, 10));
  }

  static byte[] protectRtcp(SrtpProfile profile, SrtpMasterKey master, byte[] packet, int index)
      throws GeneralSecurityException {
    byte[] salt = derive(master.key(), master.salt(), RTCP_SALT, profile.masterSaltLength());
    byte[] key = derive(master.key(), master.salt(), RTCP_ENCRYPTION, 16);
    if (profile == SrtpProfile.AEAD_AES_128_GCM) {
      return gcmRtcp(key, salt, packet, index);
    }
    byte[] authenticationKey = derive(master.key(), master.salt(), RTCP_AUTHENTICATION, 20);
    ByteBuffer iv = ByteBuffer.allocate(16);
    iv.putInt(4, ByteBuffer.wrap(packet).getInt(4)).putInt(10, index);
    byte[] body =
        counterMode(key, xor(iv.array(), salt), Arrays.copyOfRange(packet, 8, packet.length));
    byte[] encrypted =
        concatenate(
            concatenate(Arrays.copyOf(packet, 8), body),
            ByteBuffer.allocate(4).putInt(index | 0x80000000).array());
    return concatenate(encrypted, Arrays.copyOf(hmac(authenticationKey, encrypted), 10));
  }

  /** RFC 7714 §8 and §9, with session keys. */
  static byte[] gcmRtp(byte[] key, byte[] salt, byte[] packet, int headerLength, int rollOver)
      throws GeneralSecurityException {
    ByteBuffer iv = ByteBuffer.allocate(12);
    iv.putInt(2, ssrcOfRtp(packet)).putInt(6, rollOver).putShort(10, sequenceNumber(packet));
    byte[] header = Arrays.copyOf(packet, headerLength);
    byte[] body = Arrays.copyOfRange(packet, headerLength, packet.length);
    return concatenate(header, gcm(key, xor(iv.array(), salt), header, body));
  }

  static byte[] gcmRtcp(byte[] key, byte[] salt, byte[] packet, int index)
      throws GeneralSecurityException {
    ByteBuffer iv = ByteBuffer.allocate(12);
    iv.putInt(2, ByteBuffer.wrap(packet).getInt(4)).putInt(8, index);
    byte[] flagAndIndex = ByteBuffer.allocate(4).putInt(index | 0x80000000).array();
    byte[] header = Arrays.copyOf(packet, 8);
    byte[] body = Arrays.copyOfRange(packet, 8, packet.length);
    byte[] encrypted = gcm(key, xor(iv.array(), salt), concatenate(header, flagAndIndex), body);
    return concatenate(concatenate(header, encrypted), flagAndIndex);
  }

  private static byte[] gcm(byte[] key, byte[] iv, byte[] additional, byte[] body)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    cipher.updateAAD(additional);
    return cipher.doFinal(body);
  }

  private static byte[] counterMode(byte[] key, byte[] iv, byte[] body)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding", "SunJCE");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
    return cipher.doFinal(body);
  }

  private static byte[] hmac(byte[] key, byte[] bytes) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA1", "SunJCE");
    mac.init(new SecretKeySpec(key, "HmacSHA1"));
    return mac.doFinal(bytes);
  }

  private static int ssrcOfRtp(byte[] packet) {
    return ByteBuffer.wrap(packet).getInt(8);
  }

  private static short sequenceNumber(byte[] packet) {
    return ByteBuffer.wrap(packet).getShort(2);
  }

  private static byte[] xor(byte[] iv, byte[] salt) {
    for (int i = 0; i < salt.length; i++) {
      iv[i] ^= salt[i];
    }
    return iv;
  }

  private static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
