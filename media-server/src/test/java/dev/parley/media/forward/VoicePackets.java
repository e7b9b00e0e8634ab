package dev.parley.media.forward;

import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceivedPacketWriter;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** Makes {@link ReceivedPacket}s as an event loop would, one at a time. */
final class VoicePackets {
  private final OneToOneRingBuffer ring = MediaRing.ofCapacity(4096);
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final ReceivedPacket packet = new ReceivedPacket();

  ReceivedPacket packet(int ssrc, int sequenceNumber, int timestampTicks, long arrivalNs) {
    if (!writer.tryClaim(ring, 1)) {
      throw new IllegalStateException("the ring is read at once, so it has room");
    }
    writer
        .peerId(1)
        .arrivalNs(arrivalNs)
        .ssrc(ssrc)
        .timestampTicks(timestampTicks)
        .sequenceNumber(sequenceNumber)
        .payloadType(111)
        .levelDbov(-30)
        .voiceActivity(true)
        .marker(false)
        .payload(new byte[1], 0);
    writer.commit();
    // A read that meets only the padding at the ring's end returns nothing.
    while (ring.read((type, buffer, index, length) -> packet.wrap(buffer, index), 1) == 0) {
      Thread.onSpinWait();
    }
    return packet;
  }
}
