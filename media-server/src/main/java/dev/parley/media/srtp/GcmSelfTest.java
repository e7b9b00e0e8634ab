package dev.parley.media.srtp;

import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/** The packet of RFC 7714 section 16.1, by which a libcrypto proves itself. */
final class GcmSelfTest {
  private static final String KEY = "000102030405060708090a0b0c0d0e0f";
  private static final String SALT = "517569642070726f2071756f";
  private static final String CLEAR =
      "8040f17b8041f8d35501a0b2"
          + "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
  private static final String PROTECTED =
      "8040f17b8041f8d35501a0b2"
          + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
          + "899d7f27beb16a9152cf765ee4390cce";
  private static final int HEADER_LENGTH = 12;
  private static final int SEQUENCE_NUMBER = 0xF17B;

  private GcmSelfTest() {}

  /** Encrypts it, decrypts it, and refuses it when a bit is changed. */
  static boolean passes() {
    byte[] key = hex(KEY);
    byte[] salt = hex(SALT);
    byte[] clear = hex(CLEAR);
    byte[] wanted = hex(PROTECTED);
    byte[] packet = Arrays.copyOf(clear, wanted.length);
    GcmCipher seals = new GcmCipher(true, key, salt);
    GcmCipher opens = new GcmCipher(false, key, salt);
    try {
      GcmSsrcContext sender = new GcmSsrcContext(seals, seals);
      GcmSsrcContext receiver = new GcmSsrcContext(opens, opens);
      byte[] forged = wanted.clone();
      forged[HEADER_LENGTH] ^= 1;
      UnsafeBuffer sent = new UnsafeBuffer(packet);
      return sender.protectRtp(sent, 0, HEADER_LENGTH, clear.length, SEQUENCE_NUMBER)
              == ProtectResult.OK
          && Arrays.equals(packet, wanted)
          && receiver.unprotectRtp(forged, 0, forged.length) == UnprotectResult.NOT_AUTHENTIC
          && receiver.unprotectRtp(packet, 0, packet.length) == UnprotectResult.OK
          && Arrays.equals(packet, 0, clear.length, clear, 0, clear.length);
    } finally {
      seals.close();
      opens.close();
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
