package dev.parley.media.srtp;

import java.nio.ByteBuffer;
import java.util.Random;

/** Packets and keys for the tests of this package. */
final class Packets {
  private Packets() {}

  static SrtpKeys keys(SrtpProfile profile, long seed) {
    byte[] material = new byte[SrtpKeys.keyingMaterialLength(profile)];
    new Random(seed).nextBytes(material);
    return SrtpKeys.ofKeyingMaterial(profile, material);
  }

  /** An RTP packet whose payload tells its sequence number. */
  static byte[] rtp(int ssrc, int sequenceNumber, int payloadLength) {
    ByteBuffer packet = ByteBuffer.allocate(12 + payloadLength);
    packet
        .put((byte) 0x80)
        .put((byte) 111)
        .putShort((short) sequenceNumber)
        .putInt(sequenceNumber * 960)
        .putInt(ssrc);
    for (int i = 0; i < payloadLength; i++) {
      packet.put((byte) (sequenceNumber + i));
    }
    return packet.array();
  }

  /** A receiver report without blocks, and a source description of filler. */
  static byte[] rtcp(int ssrc, int fillerWords) {
    ByteBuffer packet = ByteBuffer.allocate(8 + 4 * fillerWords);
    packet.put((byte) 0x80).put((byte) 201).putShort((short) 1).putInt(ssrc);
    for (int i = 0; i < fillerWords; i++) {
      packet.putInt(0x81CA0000 + i);
    }
    return packet.array();
  }
}
