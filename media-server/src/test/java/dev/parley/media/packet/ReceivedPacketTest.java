package dev.parley.media.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;

class ReceivedPacketTest {
  private final OneToOneRingBuffer ring = MediaRing.ofCapacity(1 << 14);
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final ReceivedPacket packet = new ReceivedPacket();

  @Property(tries = 300)
  void everyFieldComesOutAsItWentIn(
      @ForAll int peerId,
      @ForAll long arrivalNs,
      @ForAll int ssrc,
      @ForAll @IntRange(max = 65535) int sequenceNumber,
      @ForAll @IntRange(min = -127, max = 1) int levelDbov,
      @ForAll @Size(max = Limits.PAYLOAD_LENGTH_MAX) byte[] payload) {
    boolean odd = (ssrc & 1) != 0;
    assertThat(writer.tryClaim(ring, payload.length)).isTrue();
    writer.peerId(peerId).arrivalNs(arrivalNs).ssrc(ssrc).timestampTicks(~ssrc);
    writer.sequenceNumber(sequenceNumber).payloadType(ssrc & 127).levelDbov(levelDbov);
    writer.voiceActivity(odd).marker(!odd).payload(payload, 0).commit();

    int read =
        readPastPadding((type, buffer, index, length) -> {
          assertThat(type).isEqualTo(ReceivedPacket.TYPE);
          packet.wrap(buffer, index);
          assertThat(length).isEqualTo(ReceivedPacket.encodedLength(payload.length));
          assertThat(packet.peerId()).isEqualTo(peerId);
          assertThat(packet.arrivalNs()).isEqualTo(arrivalNs);
          assertThat(packet.ssrc()).isEqualTo(ssrc);
          assertThat(packet.timestampTicks()).isEqualTo(~ssrc);
          assertThat(packet.sequenceNumber()).isEqualTo(sequenceNumber);
          assertThat(packet.payloadType()).isEqualTo(ssrc & 127);
          assertThat(packet.levelDbov()).isEqualTo(levelDbov);
          assertThat(packet.voiceActivity()).isEqualTo(odd);
          assertThat(packet.marker()).isEqualTo(!odd);
          byte[] out = new byte[Limits.PAYLOAD_LENGTH_MAX];
          assertThat(packet.getPayload(out, 0)).isEqualTo(payload.length);
          assertThat(Arrays.copyOf(out, payload.length)).isEqualTo(payload);
        });
    assertThat(read).isEqualTo(1);
  }

  @Test
  void fullRingSaysNo() {
    OneToOneRingBuffer small = MediaRing.ofCapacity(1024);
    int written = 0;
    while (writer.tryClaim(small, 100)) {
      writer.marker(false).commit();
      written++;
    }

    assertThat(written).isBetween(6, 7);
  }

  @Test
  void stateChangeComesOutAsItWentIn() {
    PeerStateChange change = new PeerStateChange();
    for (PeerState state : PeerState.values()) {
      assertThat(PeerStateChange.tryWrite(ring, 7, state, 99L)).isTrue();

      int read =
          readPastPadding((type, buffer, index, length) -> {
            assertThat(type).isEqualTo(PeerStateChange.TYPE);
            change.wrap(buffer, index);
            assertThat(change.peerId()).isEqualTo(7);
            assertThat(change.state()).isEqualTo(state);
            assertThat(change.nowNs()).isEqualTo(99L);
          });
      assertThat(read).isEqualTo(1);
    }
  }

  @Property(tries = 100)
  void uplinkReportComesOutAsItWentIn(
      @ForAll int peerId, @ForAll @IntRange(max = 255) int fractionLost, @ForAll int jitterTicks) {
    UplinkReport report = new UplinkReport();
    assertThat(UplinkReport.tryWrite(ring, peerId, fractionLost, jitterTicks)).isTrue();

    int read =
        readPastPadding((type, buffer, index, length) -> {
          assertThat(type).isEqualTo(UplinkReport.TYPE);
          report.wrap(buffer, index);
          assertThat(report.peerId()).isEqualTo(peerId);
          assertThat(report.fractionLost()).isEqualTo(fractionLost);
          assertThat(report.jitterTicks()).isEqualTo(jitterTicks);
        });
    assertThat(read).isEqualTo(1);
  }

  @Property(tries = 100)
  void receptionReportComesOutAsItWentIn(
      @ForAll int peerId, @ForAll @IntRange(max = 255) int fractionLost, @ForAll long roundTripNs) {
    ReceptionReport report = new ReceptionReport();
    assertThat(ReceptionReport.tryWrite(ring, peerId, fractionLost, roundTripNs, ~peerId)).isTrue();

    int read =
        readPastPadding((type, buffer, index, length) -> {
          assertThat(type).isEqualTo(ReceptionReport.TYPE);
          report.wrap(buffer, index);
          assertThat(report.peerId()).isEqualTo(peerId);
          assertThat(report.fractionLost()).isEqualTo(fractionLost);
          assertThat(report.roundTripNs()).isEqualTo(roundTripNs);
          assertThat(report.jitterTicks()).isEqualTo(~peerId);
        });
    assertThat(read).isEqualTo(1);
  }

  /** Where the ring wraps, a first read finds only padding. */
  private int readPastPadding(MessageHandler handler) {
    int read = ring.read(handler);
    return read == 0 ? ring.read(handler) : read;
  }
}
