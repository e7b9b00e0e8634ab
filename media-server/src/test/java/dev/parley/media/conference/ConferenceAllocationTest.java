package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.PeerStateChange;
import dev.parley.media.packet.ReceivedPacketWriter;
import dev.parley.media.packet.ReceptionReport;
import dev.parley.media.rtp.RedPacket;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.junit.jupiter.api.Test;

/**
 * A conference with talkers, of whom half send RED, forwarding and mixing listeners in steady
 * state, with loss both ways, packets asked for again and redundancy added: no byte allocated by a
 * duty cycle. Libopus only: Concentus makes garbage by itself.
 */
class ConferenceAllocationTest {
  private static final int TALKERS = 4;
  private static final int PEOPLE = 24;
  private static final int TICK_MS = 20;
  private static final int WARM_UP_TICKS = 1500;
  private static final int MEASURED_TICKS = 700;
  private static final int PAYLOADS = 16;
  private static final int LOSSY_PEER = 5;

  private final RingBuffer inbound = MediaRing.ofCapacity(1 << 18);
  private final RingBuffer outbound = MediaRing.ofCapacity(1 << 20);
  private final ConferenceAgentProxy proxy = new ConferenceAgentProxy(() -> {});
  private final ManyToOneConcurrentArrayQueue<ConferenceEvent> events =
      new ManyToOneConcurrentArrayQueue<>(1024);
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final OutgoingPacket outgoing = new OutgoingPacket();
  private final MessageHandler take = this::take;
  private final Random random = new Random(7);
  private final byte[][] payloads = new byte[PAYLOADS][];

  /** The same packets, each with the one before. */
  private final byte[][] redPayloads = new byte[PAYLOADS][];

  private final ConferenceCounters counters = new ConferenceCounters();
  private long nowNs;
  private int tick;

  @Test
  void dutyCycleAllocatesNothing() {
    assumeThat(OpusCodec.libopus()).as("libopus").isNotNull();
    makePayloads();
    ConferenceAgent agent = new ConferenceAgent(settings(), proxy);
    admit(agent);
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    run(agent, WARM_UP_TICKS);
    long encodedBefore = counters.get(ConferenceCounter.FRAMES_ENCODED);
    long forwardedBefore = counters.get(ConferenceCounter.FORWARDED_TARGETS);
    long passedBefore = counters.get(ConferenceCounter.RED_PASSED_TARGETS);
    long addedBefore = counters.get(ConferenceCounter.RED_ADDED_TARGETS);
    long recoveredBefore = counters.get(ConferenceCounter.PACKETS_RECOVERED);
    long againBefore = counters.get(ConferenceCounter.RETRANSMITTED_TARGETS);
    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    run(agent, MEASURED_TICKS);
    long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

    assertThat(counters.get(ConferenceCounter.FRAMES_ENCODED) - encodedBefore)
        .isEqualTo(MEASURED_TICKS * (TALKERS / 2 + 1L));
    assertThat(counters.get(ConferenceCounter.FORWARDED_TARGETS) - forwardedBefore)
        .isGreaterThan(MEASURED_TICKS * 30L);
    assertThat(counters.get(ConferenceCounter.RED_PASSED_TARGETS) - passedBefore)
        .isGreaterThan(MEASURED_TICKS * 5L);
    assertThat(counters.get(ConferenceCounter.RED_ADDED_TARGETS) - addedBefore)
        .isGreaterThan(MEASURED_TICKS);
    assertThat(counters.get(ConferenceCounter.PACKETS_RECOVERED) - recoveredBefore)
        .isGreaterThan(MEASURED_TICKS / 20);
    assertThat(counters.get(ConferenceCounter.RETRANSMITTED_TARGETS) - againBefore)
        .isGreaterThan(MEASURED_TICKS / 2);
    assertThat(counters.get(ConferenceCounter.RETRANSMISSIONS_NOT_KEPT)).isZero();
    assertThat(allocatedBytes).isLessThan(MEASURED_TICKS);
    agent.onClose();
  }

  private ConferenceAgentSettings settings() {
    return new ConferenceAgentSettings(
        () -> nowNs,
        List.of(inbound),
        List.of(outbound),
        loop -> {},
        (loop, peer) -> true,
        events,
        OpusCodec.best(),
        5,
        JitterBuffer.MIN_DELAY_DEFAULT_MS,
        counters,
        1);
  }

  private void makePayloads() {
    byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
    float[] frame = new float[960];
    try (OpusEncoder encoder = OpusCodec.best().newEncoder(OpusEncoderSettings.voice(1))) {
      for (int i = 0; i < PAYLOADS; i++) {
        for (int j = 0; j < frame.length; j++) {
          frame[j] = (float) (0.3 * Math.sin((i * 960 + j) * 0.05));
        }
        int length = encoder.encode(frame, 0, packet, 0, packet.length);
        payloads[i] = java.util.Arrays.copyOf(packet, length);
      }
    }
    for (int i = 0; i < PAYLOADS; i++) {
      byte[] older = payloads[(i + PAYLOADS - 1) % PAYLOADS];
      UnsafeBuffer red = new UnsafeBuffer(new byte[5 + older.length + payloads[i].length]);
      RedPacket.writeHeaders(red, 0, 111, 960, older.length);
      red.putBytes(5, older);
      red.putBytes(5 + older.length, payloads[i]);
      redPayloads[i] = red.byteArray();
    }
  }

  private void admit(ConferenceAgent agent) {
    ConferenceDescription room = new ConferenceDescription("room", 1, 3, 5);
    for (int peer = 0; peer < PEOPLE; peer++) {
      Listening listening = peer % 2 == 0 ? Listening.MIX : Listening.FORWARD;
      int lines = listening == Listening.MIX ? 1 : 3;
      proxy.addParticipant(
          room,
          new ParticipantDescription(
              "p" + peer,
              peer,
              peer,
              0,
              new Reception(listening, lines, 1, 0, true, false, peer % 4 == 1),
              peer < TALKERS,
              false,
              111,
              63));
      agent.doWork();
      PeerStateChange.tryWrite(inbound, peer, PeerState.CONNECTED, nowNs);
      agent.doWork();
    }
  }

  private void run(ConferenceAgent agent, int ticks) {
    for (int i = 0; i < ticks; i++) {
      nowNs += TICK_MS * 1_000_000L;
      for (int talker = 0; talker < TALKERS; talker++) {
        if (random.nextInt(20) > 0) {
          send(talker);
        }
      }
      if (tick % 50 == 0) {
        // One who takes RED, and half of whose packets get lost.
        ReceptionReport.tryWrite(inbound, LOSSY_PEER, 128, 0, 0);
      }
      tick++;
      while (agent.doWork() > 0) {
        outbound.read(take);
      }
      outbound.read(take);
    }
  }

  /** The first receiver of one packet in eight has lost it and asks for it. */
  private void take(int type, MutableDirectBuffer buffer, int index, int length) {
    outgoing.wrap(buffer, index);
    if (outgoing.isRetransmission() || (outgoing.targetSequenceNumber(0) & 7) != 0) {
      return;
    }
    int sequenceNumber = outgoing.targetSequenceNumber(0);
    int line = outgoing.targetLine(0);
    if (!LostPackets.tryWrite(inbound, outgoing.targetPeerId(0), line, sequenceNumber, 1)) {
      throw new IllegalStateException("inbound ring full");
    }
  }

  private void send(int talker) {
    boolean isRed = talker % 2 == 1;
    byte[] payload = isRed ? redPayloads[tick % PAYLOADS] : payloads[tick % PAYLOADS];
    if (!writer.tryClaim(inbound, payload.length)) {
      throw new IllegalStateException("inbound ring full");
    }
    writer
        .peerId(talker)
        .arrivalNs(nowNs)
        .ssrc(talker)
        .timestampTicks(tick * 960)
        .sequenceNumber(tick)
        .payloadType(isRed ? 63 : 111)
        .levelDbov(-20)
        .voiceActivity(true)
        .marker(false)
        .payload(payload, 0);
    writer.commit();
  }
}
