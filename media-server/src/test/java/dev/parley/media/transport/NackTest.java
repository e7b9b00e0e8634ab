package dev.parley.media.transport;

import static dev.parley.media.packet.Limits.NACK_ENTRIES_PER_COMPOUND_MAX;
import static dev.parley.media.packet.Limits.RETRANSMISSIONS_PER_SECOND_MAX;
import static dev.parley.media.packet.Limits.RETRANSMITTABLE_PACKETS;
import static dev.parley.media.transport.PathFixture.CLIENT;
import static dev.parley.media.transport.PathFixture.PEER;
import static dev.parley.media.transport.PathFixture.SECOND_NS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtcp.RtcpCompound;
import dev.parley.media.rtcp.RtcpParseResult;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.srtp.SrtpProfile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an event loop does with requests for lost packets, and how it sends packets again. */
class NackTest {
  private static final int CLIENT_SSRC = PathFixture.SSRC;
  private static final int LINE_SSRC = TestLoop.LINE.ssrc();
  private static final int MS_NS = 1_000_000;

  private final OutgoingPacketWriter writer = new OutgoingPacketWriter();
  private final RtcpWriter rtcp = new RtcpWriter();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1500]);
  private final LostPackets lost = new LostPackets();
  @AutoClose private PathFixture fixture = connected(SrtpProfile.AEAD_AES_128_GCM);

  private static PathFixture connected(SrtpProfile profile) {
    return new PathFixture(profile).withPath().withKeys();
  }

  @ParameterizedTest
  @EnumSource
  void packetSentAgainIsTheSameToTheLastByte(SrtpProfile profile) {
    fixture.close();
    fixture = connected(profile);
    List<byte[]> first = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int sequenceNumber = 65_520 + i & 0xFFFF;
      send(sequenceNumber, false);
      if (i == 20) {
        // From here on the client knows the line, and the mid is left out.
        report();
      }
      first.addAll(fixture.takeSent());
    }
    assertThat(first.get(21)).hasSizeLessThan(first.get(20).length);

    for (int i = 0; i < 40; i++) {
      send(65_520 + i & 0xFFFF, true);
    }

    List<byte[]> again = fixture.takeSent();
    assertThat(again).hasSize(40);
    for (int i = 0; i < 40; i++) {
      assertThat(again.get(i)).as("packet %s", i).isEqualTo(first.get(i));
    }
    assertThat(fixture.count(TransportCounter.RTP_RETRANSMITTED)).isEqualTo(40);
    assertThat(fixture.count(TransportCounter.RETRANSMISSION_ALTERED)).isZero();
  }

  @Test
  void packetThatIsNotWhatWasSentIsHeldBack() {
    send(7, false);
    fixture.takeSent();

    send(7, true, "other sound");

    assertThat(fixture.takeSent()).isEmpty();
    assertThat(fixture.count(TransportCounter.RETRANSMISSION_ALTERED)).isEqualTo(1);
  }

  @Test
  void packetLostBeforeItWasEverSentMayFollow() {
    send(7, false);
    send(9, false);

    send(8, true);

    assertThat(fixture.takeSent()).hasSize(3);
  }

  @Test
  void reportsGoOnFromTheNewestPacketAndCountAll() {
    send(1, false);
    fixture.nowNs += 20 * MS_NS;
    send(2, false);
    fixture.nowNs += 40 * MS_NS;
    send(1, true);
    RtcpCompound compound = new RtcpCompound();
    rtcp.begin(buffer, 0);

    fixture.peer.sentStream(0).report(rtcp, fixture.nowNs, 0);

    assertThat(compound.wrap(buffer, 0, rtcp.length())).isEqualTo(RtcpParseResult.VALID);
    assertThat(compound.next()).isTrue();
    assertThat(compound.timestampTicks()).isEqualTo(2 * 960 + 40 * 48);
    assertThat(compound.packetCount()).isEqualTo(3);
  }

  @Test
  void lostPacketsGoOnToTheMixAgent() {
    sendUpTo(100);

    nack(LINE_SSRC, 90, 0b1001);

    assertThat(takeLost()).containsExactly(90, 91, 94);
    assertThat(fixture.count(TransportCounter.RTCP_NACKS)).isEqualTo(1);
  }

  @Test
  void numbersMayWrap() {
    for (int i = -10; i < 10; i++) {
      send(i & 0xFFFF, false);
    }

    nack(LINE_SSRC, 65_534, 0b111);

    assertThat(takeLost()).containsExactly(65_534, 65_535, 0, 1);
  }

  @Test
  void onlyOnesOwnStreamsMayBeAskedFor() {
    sendUpTo(100);

    nack(LINE_SSRC + 1, 90, 0);
    nack(CLIENT_SSRC, 90, 0);

    assertThat(takeLost()).isEmpty();
    assertThat(fixture.count(TransportCounter.NACKS_NOT_NEGOTIATED)).isEqualTo(2);
  }

  @Test
  void streamWithoutNackIsNotAskedFor() {
    OutgoingLine line = new OutgoingLine(LINE_SSRC, 111, "1", 4, 1, 5, false);

    assertThat(new SentStream(line).askedPackets()).isNull();
    assertThat(new SentStream(TestLoop.LINE).askedPackets()).isNotNull();
  }

  @Test
  void packetsTooOldOrNotYetSentAreNotToBeHad() {
    sendUpTo(200);

    nack(LINE_SSRC, 200, 0b1);
    nack(LINE_SSRC, 200 - RETRANSMITTABLE_PACKETS, 0b1);

    assertThat(takeLost()).containsExactly(200, 200 - RETRANSMITTABLE_PACKETS + 1);
    assertThat(fixture.count(TransportCounter.NACKS_OUT_OF_WINDOW)).isEqualTo(2);
  }

  @Test
  void packetIsSentAgainOnceInARoundTrip() {
    sendUpTo(100);
    fixture.peer.roundTripNs(80L * MS_NS);
    nack(LINE_SSRC, 90, 0);
    fixture.nowNs += 79 * MS_NS;
    nack(LINE_SSRC, 90, 0b1);
    assertThat(takeLost()).containsExactly(90, 91);

    fixture.nowNs += MS_NS;
    nack(LINE_SSRC, 90, 0);

    assertThat(takeLost()).containsExactly(90);
    assertThat(fixture.count(TransportCounter.NACKS_TOO_SOON)).isEqualTo(1);
  }

  @Test
  void roundTripClaimedToBeNothingDoesNotHelp() {
    sendUpTo(100);
    fixture.peer.roundTripNs(0);
    for (int i = 0; i < 10; i++) {
      nack(LINE_SSRC, 90, 0);
      fixture.nowNs += MS_NS;
    }

    assertThat(takeLost()).containsExactly(90);
  }

  @Test
  void peerHasItsShareOfASecond() {
    sendUpTo(100);
    for (int i = 0; i < 20; i++) {
      nack(LINE_SSRC, 40, 0xFFFF);
      fixture.nowNs += 20 * MS_NS;
    }

    assertThat(takeLost()).hasSize(RETRANSMISSIONS_PER_SECOND_MAX);
    assertThat(fixture.count(TransportCounter.NACKS_OVER_BUDGET))
        .isEqualTo(20 * LostPackets.COUNT_MAX - RETRANSMISSIONS_PER_SECOND_MAX);
    fixture.nowNs += SECOND_NS;
    nack(LINE_SSRC, 40, 0);
    assertThat(takeLost()).containsExactly(40);
  }

  @Test
  void compoundPacketIsReadSoFarAndNoFurther() {
    sendUpTo(100);
    int entries = NACK_ENTRIES_PER_COMPOUND_MAX + 5;
    byte[] bytes = new byte[12 + 4 * entries];
    UnsafeBuffer packet = new UnsafeBuffer(bytes);
    rtcp.begin(packet, 0).nack(CLIENT_SSRC, LINE_SSRC, 100, 0);
    packet.putByte(3, (byte) (bytes.length / 4 - 1));
    for (int i = 0; i < entries; i++) {
      packet.putByte(12 + 4 * i + 1, (byte) (100 - i));
    }

    fixture.receive(fixture.protectRtcp(bytes), CLIENT);

    assertThat(takeLost()).hasSize(NACK_ENTRIES_PER_COMPOUND_MAX).endsWith(69);
    assertThat(fixture.count(TransportCounter.NACKS_TOO_MANY)).isEqualTo(5);
  }

  @Test
  void fullRingDropsAndCounts() {
    sendUpTo(100);
    boolean hasRoom = true;
    while (hasRoom) {
      hasRoom = LostPackets.tryWrite(fixture.inbound, PEER, 0, 1, 1);
    }

    nack(LINE_SSRC, 90, 0);

    assertThat(fixture.count(TransportCounter.INBOUND_RING_FULL)).isEqualTo(1);
  }

  @Test
  void askingAllocatesNothing() {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    NackStage stage = new NackStage(fixture.parts);
    sendUpTo(100);
    ask(stage, 20_000);
    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    ask(stage, 20_000);
    long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

    assertThat(fixture.count(TransportCounter.NACKS_TOO_SOON)).isPositive();
    assertThat(allocatedBytes).isLessThan(20_000);
  }

  private void ask(NackStage stage, int times) {
    RtcpCompound compound = new RtcpCompound();
    rtcp.begin(buffer, 0).nack(CLIENT_SSRC, LINE_SSRC, 60, 0xFFFF);
    for (int i = 0; i < times; i++) {
      fixture.nowNs += 5 * MS_NS;
      stage.begin();
      if (compound.wrap(buffer, 0, rtcp.length()) == RtcpParseResult.VALID && compound.next()) {
        stage.onNack(fixture.peer, compound, fixture.nowNs);
      }
      if (i % 1000 == 999) {
        fixture.discardInbound();
      }
    }
  }

  private void sendUpTo(int sequenceNumber) {
    for (int i = 0; i <= sequenceNumber; i++) {
      send(i, false);
    }
    fixture.takeSent();
  }

  private void send(int sequenceNumber, boolean again) {
    send(sequenceNumber, again, "sound " + sequenceNumber);
  }

  /**
   * As the mix agent sends: what goes with a payload depends on its number, but on nothing else.
   */
  private void send(int sequenceNumber, boolean again, String sound) {
    byte[] payload = sound.getBytes(StandardCharsets.US_ASCII);
    assertThat(writer.tryClaim(fixture.outbound, payload.length, 1, 1)).isTrue();
    writer.level(-sequenceNumber % 127, sequenceNumber % 3 == 0);
    if (again) {
      writer.retransmission();
    }
    writer.addCsrc(sequenceNumber % 5, -20).payload(payload, 0);
    writer.addTarget(PEER, 0, sequenceNumber, 960 * sequenceNumber, sequenceNumber % 7 == 0);
    writer.commit();
    fixture.sendPath.at(fixture.nowNs);
    fixture.sendPath.drain(fixture.outbound);
  }

  /** The client reports on the line. */
  private void report() {
    ReceptionStatistics statistics = new ReceptionStatistics();
    statistics.reset(LINE_SSRC);
    statistics.onPacket(1, 960, fixture.nowNs);
    rtcp.begin(buffer, 0).receiverReport(CLIENT_SSRC).reportBlock(statistics, fixture.nowNs);
    receiveRtcp();
  }

  private void nack(int mediaSsrc, int sequenceNumber, int bitmask) {
    rtcp.begin(buffer, 0).nack(CLIENT_SSRC, mediaSsrc, sequenceNumber, bitmask);
    receiveRtcp();
  }

  private void receiveRtcp() {
    byte[] clear = Arrays.copyOf(buffer.byteArray(), rtcp.length());
    fixture.receive(fixture.protectRtcp(clear), CLIENT);
  }

  /** Sequence numbers handed to the mix agent. */
  private List<Integer> takeLost() {
    List<Integer> numbers = new ArrayList<>();
    fixture.inbound.read((type, ring, index, length) -> {
      if (type == LostPackets.TYPE) {
        lost.wrap(ring, index);
        assertThat(lost.peerId()).isEqualTo(PEER);
        assertThat(lost.line()).isZero();
        for (int i = 0; i < LostPackets.COUNT_MAX; i++) {
          if (lost.isLost(i)) {
            numbers.add(lost.sequenceNumber(i));
          }
        }
      }
    });
    return numbers;
  }
}
