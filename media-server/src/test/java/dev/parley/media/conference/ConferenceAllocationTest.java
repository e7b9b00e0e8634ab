package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.conference.ParticipantDescription.Side;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.PeerStateChange;
import dev.parley.media.packet.ReceptionReport;
import dev.parley.media.packet.RecordedMessage;
import dev.parley.media.rtp.RedPacket;
import java.util.Arrays;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
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

  private final AllocationRig rig = new AllocationRig();
  private final ConferenceAgentProxy proxy = new ConferenceAgentProxy(() -> {});
  private final OutgoingPacket outgoing = new OutgoingPacket();
  private final MessageHandler take = this::take;
  private final Random random = new Random(7);
  private final byte[][] payloads = new byte[PAYLOADS][];

  /** The same packets, each with the one before. */
  private final byte[][] redPayloads = new byte[PAYLOADS][];

  /** What is recorded of the mix meanwhile. */
  private final RingBuffer recorded = MediaRing.ofCapacity(1 << 18);

  private final MessageHandler record = this::onRecorded;
  private int turnsRecorded;
  private int tick;

  @Test
  void dutyCycleAllocatesNothing() {
    assumeThat(OpusCodec.libopus()).as("libopus").isNotNull();
    makePayloads();
    ConferenceAgent agent = new ConferenceAgent(rig.settings(), proxy);
    admit(agent);
    RecordingTap tap = new RecordingTap("mix", RecordingTap.Kind.MIX, 1, recorded);
    proxy.record("room", tap, true, _ -> {});

    run(agent, WARM_UP_TICKS);
    long encodedBefore = rig.counters.get(ConferenceCounter.FRAMES_ENCODED);
    long forwardedBefore = rig.counters.get(ConferenceCounter.FORWARDED_TARGETS);
    long passedBefore = rig.counters.get(ConferenceCounter.RED_PASSED_TARGETS);
    long addedBefore = rig.counters.get(ConferenceCounter.RED_ADDED_TARGETS);
    long recoveredBefore = rig.counters.get(ConferenceCounter.PACKETS_RECOVERED);
    long againBefore = rig.counters.get(ConferenceCounter.RETRANSMITTED_TARGETS);
    long beforeBytes = rig.allocatedBytes();
    run(agent, MEASURED_TICKS);
    long allocatedBytes = rig.allocatedBytes() - beforeBytes;

    assertThat(turnsRecorded).isEqualTo(TALKERS);
    assertThat(rig.counters.get(ConferenceCounter.FRAMES_ENCODED) - encodedBefore)
        .isEqualTo(MEASURED_TICKS * (TALKERS / 2 + 1L));
    assertThat(rig.counters.get(ConferenceCounter.FORWARDED_TARGETS) - forwardedBefore)
        .isGreaterThan(MEASURED_TICKS * 30L);
    assertThat(rig.counters.get(ConferenceCounter.RED_PASSED_TARGETS) - passedBefore)
        .isGreaterThan(MEASURED_TICKS * 5L);
    assertThat(rig.counters.get(ConferenceCounter.RED_ADDED_TARGETS) - addedBefore)
        .isGreaterThan(MEASURED_TICKS);
    assertThat(rig.counters.get(ConferenceCounter.PACKETS_RECOVERED) - recoveredBefore)
        .isGreaterThan(MEASURED_TICKS / 20);
    assertThat(rig.counters.get(ConferenceCounter.RETRANSMITTED_TARGETS) - againBefore)
        .isGreaterThan(MEASURED_TICKS / 2);
    assertThat(rig.counters.get(ConferenceCounter.RETRANSMISSIONS_NOT_KEPT)).isZero();
    assertThat(allocatedBytes).isLessThan(MEASURED_TICKS);
    agent.onClose();
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
        payloads[i] = Arrays.copyOf(packet, length);
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
              63,
              Side.BOTH));
      agent.doWork();
      PeerStateChange.tryWrite(rig.inbound, peer, PeerState.CONNECTED, rig.nowNs);
      agent.doWork();
    }
  }

  private void run(ConferenceAgent agent, int ticks) {
    for (int i = 0; i < ticks; i++) {
      rig.nowNs += TICK_MS * 1_000_000L;
      for (int talker = 0; talker < TALKERS; talker++) {
        if (random.nextInt(20) > 0) {
          send(talker);
        }
      }
      if (tick % 50 == 0) {
        // One who takes RED, and half of whose packets get lost.
        ReceptionReport.tryWrite(rig.inbound, LOSSY_PEER, 128, 0, 0);
      }
      tick++;
      while (agent.doWork() > 0) {
        rig.outbound.read(take);
      }
      rig.outbound.read(take);
      recorded.read(record);
    }
  }

  private void onRecorded(int type, MutableDirectBuffer buffer, int index, int length) {
    turnsRecorded += type == RecordedMessage.HEARD ? 1 : 0;
  }

  /** The first receiver of one packet in eight has lost it and asks for it. */
  private void take(int type, MutableDirectBuffer buffer, int index, int length) {
    outgoing.wrap(buffer, index);
    if (outgoing.isRetransmission() || (outgoing.targetSequenceNumber(0) & 7) != 0) {
      return;
    }
    int sequenceNumber = outgoing.targetSequenceNumber(0);
    int line = outgoing.targetLine(0);
    if (!LostPackets.tryWrite(rig.inbound, outgoing.targetPeerId(0), line, sequenceNumber, 1)) {
      throw new IllegalStateException("inbound ring full");
    }
  }

  private void send(int talker) {
    boolean isRed = talker % 2 == 1;
    byte[] payload = isRed ? redPayloads[tick % PAYLOADS] : payloads[tick % PAYLOADS];
    rig.send(talker, tick, isRed ? 63 : 111, payload, -20);
  }
}
